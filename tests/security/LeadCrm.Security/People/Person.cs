using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Security.People;

/// <summary>Which way a request goes.</summary>
public enum Way
{
    /// <summary>As everybody comes in: a person with the session cookie, a program with its token.</summary>
    Gateway,
    /// <summary>To the service's own port, with the access token that the gateway would put in.</summary>
    Straight,
}

/// <summary>Somebody who is let in: a person with a session on each way, or an API client.</summary>
public sealed class Person : IDisposable
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(2);
    private readonly ProbedSystem system;
    private readonly Wire gateway;
    private readonly Dictionary<string, Wire> services;
    private readonly SemaphoreSlim renewing = new(1, 1);
    private string token = "";
    private DateTimeOffset renewedAt;
    private string cookie = "";
    private string antiForgery = "";

    private Person(ProbedSystem system, string label, IReadOnlySet<string> permissions)
    {
        (this.system, Label, Permissions) = (system, label, permissions);
        gateway = new Wire(system.Gateway, manyAddresses: true);
        services = system.Services.ToDictionary(s => s.Key, s => new Wire(s.Value), StringComparer.Ordinal);
    }

    /// <summary>As the tables call it.</summary>
    public string Label { get; }

    public Guid UserId { get; private init; }

    public string Email { get; private init; } = "";

    public string Password { get; private init; } = "";

    /// <summary>The session that the straight way uses, as Identity knows it.</summary>
    public Guid SessionId { get; private set; }

    /// <summary>The role of a person.</summary>
    public string Role { get; private init; } = "";

    /// <summary>Team by name; null for none.</summary>
    public string? Team { get; init; }

    /// <summary>Names of teams whose records count as one's own.</summary>
    public IReadOnlyList<string> Leads { get; init; } = [];

    public bool IsClient => ClientId is not null;

    public string? ClientId { get; private init; }

    public string? ClientSecret { get; private init; }

    /// <summary>What it may do, as expected.md says of its role, or as its scopes say.</summary>
    public IReadOnlySet<string> Permissions { get; }

    /// <summary>The session cookie at the gateway: name=value.</summary>
    public string Cookie => cookie;

    public string AntiForgery => antiForgery;

    /// <summary>A person, signed in on both ways.</summary>
    public static async Task<Person> SignIn(ProbedSystem system, string label, Guid userId, string email, string password, string role, IReadOnlySet<string> permissions, string? team = null, IReadOnlyList<string>? leads = null)
    {
        var person = new Person(system, label, permissions) { Role = role, UserId = userId, Email = email, Password = password, Team = team, Leads = leads ?? [] };
        await person.SignInStraight();
        await person.SignInAtTheGateway();
        return person;
    }

    /// <summary>An API client.</summary>
    public static async Task<Person> Client(ProbedSystem system, string label, Guid userId, string clientId, string secret, IReadOnlySet<string> permissions, string? team = null)
    {
        var client = new Person(system, label, permissions) { UserId = userId, ClientId = clientId, ClientSecret = secret, Team = team };
        await client.Token();
        return client;
    }

    /// <summary>A token with time left.</summary>
    public async Task<string> Token()
    {
        if (DateTimeOffset.UtcNow - renewedAt < RenewAfter) return token;
        await renewing.WaitAsync();
        try
        {
            if (DateTimeOffset.UtcNow - renewedAt < RenewAfter) return token;
            if (IsClient)
            {
                var granted = await services["identity"].Send("POST", "/api/connect/token", request =>
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{ClientSecret}")));
                    request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
                });
                token = (string)granted.MustSucceed("token for a client").Json!["access_token"]!;
            }
            else
            {
                var renewed = await services["identity"].Send("POST", $"/internal/sessions/{SessionId}/tokens", request => request.Headers.Add("X-LeadCrm-Internal", system.InternalKey));
                token = (string)renewed.MustSucceed($"token for {Label}").Json!["accessToken"]!;
            }
            renewedAt = DateTimeOffset.UtcNow;
            return token;
        }
        finally
        {
            renewing.Release();
        }
    }

    /// <summary>One request to a service, on either way.</summary>
    public async Task<Answer> Send(Way way, string service, string method, string address, string? body = null, string? contentType = "application/json", Action<HttpRequestMessage>? prepare = null)
    {
        var bearer = way == Way.Straight || IsClient ? await Token() : null;
        return await (way == Way.Gateway ? gateway : services[service]).Send(method, address, request =>
        {
            if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
            else
            {
                request.Headers.Add("Cookie", cookie);
                if (method is not "GET") request.Headers.Add("X-CSRF-Token", antiForgery);
            }
            if (body is not null) request.Content = Wire.Body(body, contentType ?? "application/json");
            prepare?.Invoke(request);
        });
    }

    /// <summary>A request straight to a service, JSON in and out.</summary>
    public Task<Answer> Ask(string service, string method, string address, object? body = null, string? ifMatch = null) =>
        Send(Way.Straight, service, method, address, body is null ? null : System.Text.Json.JsonSerializer.Serialize(body, System.Text.Json.JsonSerializerOptions.Web), method == "PATCH" ? "application/merge-patch+json" : "application/json",
            ifMatch is null ? null : request => request.Headers.TryAddWithoutValidation("If-Match", ifMatch));

    public async Task SignInAtTheGateway()
    {
        var answer = (await gateway.Send("POST", "/api/session", request => request.Content = JsonContent.Create(new { email = Email, password = Password }))).MustSucceed($"sign-in of {Label}");
        cookie = answer.Header("Set-Cookie")!.Split(';')[0];
        antiForgery = (string)answer.Json!["antiForgeryToken"]!;
    }

    public void Dispose()
    {
        gateway.Dispose();
        foreach (var wire in services.Values) wire.Dispose();
        renewing.Dispose();
    }

    private async Task SignInStraight()
    {
        var answer = await services["identity"].Send("POST", "/internal/sessions", request =>
        {
            request.Headers.Add("X-LeadCrm-Internal", system.InternalKey);
            request.Content = JsonContent.Create(new { email = Email, password = Password });
        });
        var started = answer.MustSucceed($"sign-in of {Label}").Json as JsonObject;
        SessionId = Guid.Parse((string)started!["sessionId"]!);
        token = (string)started["accessToken"]!;
        renewedAt = DateTimeOffset.UtcNow;
    }
}

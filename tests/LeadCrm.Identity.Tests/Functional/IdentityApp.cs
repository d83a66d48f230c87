using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>Tests that leave roles and clock alone and so may share one installation; each makes its own users and teams.</summary>
[CollectionDefinition]
public sealed class SharedInstallation : ICollectionFixture<IdentityApp>;

/// <summary>The running service with its first administrator and the sample users.</summary>
public class IdentityApp() : ServiceFixture("identity", typeof(Program))
{
    public const string AdminEmail = "admin@leadcrm.local";
    public const string AdminPassword = "quiet-harbour-71-lantern";
    public const string SamplePassword = "purple-kettle-91-boat";
    public const string Rep = "rita.rep@example.com";

    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(3);
    private readonly Lock renewing = new();
    private SignedIn? admin;
    private long signedInAt;

    /// <summary>The first administrator, signed in; again when the token of before has become old.</summary>
    public HttpClient Admin
    {
        get
        {
            lock (renewing)
            {
                if (admin is null || Stopwatch.GetElapsedTime(signedInAt) > RenewAfter)
                {
                    admin = SignIn(AdminEmail, AdminPassword).GetAwaiter().GetResult();
                    signedInAt = Stopwatch.GetTimestamp();
                }
                return admin.Client;
            }
        }
    }

    /// <summary>Stops the service and starts it on the same database.</summary>
    public async Task Restart()
    {
        await Stop();
        admin = null;
        await Start();
    }

    /// <summary>Signs in as the gateway does, and fails when it is refused.</summary>
    public async Task<SignedIn> SignIn(string email, string password)
    {
        using var answer = await TrySignIn(email, password);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var token = body.GetProperty("accessToken").GetString()!;
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new SignedIn(body.GetProperty("sessionId").GetGuid(), body.GetProperty("userId").GetGuid(), token, body, client);
    }

    public async Task<HttpResponseMessage> TrySignIn(string email, string password, string? userAgent = null, string? address = null)
    {
        using var gateway = Internal();
        return await gateway.PostAsJsonAsync("/internal/sessions", new { email, password, userAgent, address });
    }

    /// <summary>Asks for a fresh token of a session.</summary>
    public async Task<HttpResponseMessage> Renew(Guid session)
    {
        using var gateway = Internal();
        return await gateway.PostAsync(new Uri($"/internal/sessions/{session}/tokens", UriKind.Relative), null);
    }

    /// <summary>A user of the test's own, with a password.</summary>
    public async Task<NewUser> NewUser(string role = "Sales Rep", Guid? teamId = null, bool withPassword = true)
    {
        // Letters only: a name that holds a piece of a password would change what the test is about.
        var tag = string.Concat(Guid.NewGuid().ToString("N").Select(digit => (char)('k' + Convert.ToInt32(digit.ToString(), 16) % 15)));
        var email = $"{tag}@example.com";
        using var made = await Admin.PostAsJsonAsync("/api/users", new { name = $"Somebody {tag}", email, teamId, roles = new[] { role } });
        made.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        if (withPassword)
        {
            using var set = await Admin.PostAsJsonAsync($"/api/users/{id}/password", new { password = SamplePassword });
            set.StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent, await set.Content.ReadAsStringAsync());
        }
        return new NewUser(id, email, SamplePassword);
    }

    /// <summary>A team of the test's own.</summary>
    public async Task<Guid> NewTeam(Guid? parentId = null, Guid? managerId = null)
    {
        using var made = await Admin.PostAsJsonAsync("/api/teams", new { name = $"Team {Guid.NewGuid():N}", parentId, managerId });
        made.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>What the copy of the directory knows, which is filled from the broker alone here.</summary>
    public async Task<long> ReplicatedVersion(Guid id) => await Database.Scalar<long>(
        "select coalesce((select version from platform.directory_users where id = $1), (select version from platform.directory_teams where id = $1), 0)", id);

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("LEADCRM_ADMIN_PASSWORD", AdminPassword);
        builder.UseSetting("LEADCRM_SAMPLE_DATA", "true");
        builder.UseSetting("LEADCRM_SAMPLE_PASSWORD", SamplePassword);
    }
}

/// <summary>An open session.</summary>
public sealed record SignedIn(Guid SessionId, Guid UserId, string Token, JsonElement Body, HttpClient Client);

/// <summary>A user that a test made.</summary>
public sealed record NewUser(Guid Id, string Email, string Password);

/// <summary>Reading and changing records over HTTP, with their versions.</summary>
internal static class Records
{
    public static async Task<(JsonElement Body, long Version)> Read(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(), Version(answer));
    }

    public static Task<HttpResponseMessage> Patch(this HttpClient client, string path, object changes, long? version) =>
        client.Send(HttpMethod.Patch, path, JsonContent.Create(changes, new MediaTypeHeaderValue("application/merge-patch+json")), version);

    public static Task<HttpResponseMessage> Delete(this HttpClient client, string path, long? version) => client.Send(HttpMethod.Delete, path, null, version);

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object body) => client.PostAsJsonAsync(path, body);

    public static Task<HttpResponseMessage> Do(this HttpClient client, string path) => client.PostAsync(new Uri(path, UriKind.Relative), null);

    public static async Task<JsonElement> Json(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>The stable type of a problem, without the common prefix.</summary>
    public static async Task<string> Problem(this HttpResponseMessage answer) => (await answer.Json()).GetProperty("type").GetString()!.Replace("urn:leadcrm:", "", StringComparison.Ordinal);

    /// <summary>Which fields a 422 complains about.</summary>
    public static async Task<string[]> WrongFields(this HttpResponseMessage answer)
    {
        ((int)answer.StatusCode).ShouldBe(422, await answer.Content.ReadAsStringAsync());
        return [.. (await answer.Json()).GetProperty("errors").EnumerateObject().Select(field => field.Name)];
    }

    public static long Version(HttpResponseMessage answer) => long.Parse((answer.Headers.ETag?.Tag ?? "\"0\"").Trim('"'));

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static async Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, HttpContent? content, long? version)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (version is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return await client.SendAsync(request);
    }
}

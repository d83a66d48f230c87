using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>Identity's internal door, as far as the gateway uses it. Its tokens are unsigned: nothing here checks them.</summary>
internal sealed class IdentityStandIn : Backend
{
    public const string Password = "correct horse battery staple";

    private readonly ConcurrentDictionary<Guid, int> renewals = new();
    private readonly ConcurrentDictionary<string, TimeSpan> firstLifetimes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, int> refusedRenewals = new();

    /// <summary>Sessions that were ended, in order.</summary>
    public ConcurrentQueue<Guid> Ended { get; } = new();

    /// <summary>Whether Identity answers at all.</summary>
    public bool IsAway { get; set; }

    public static new async Task<IdentityStandIn> Start()
    {
        var identity = new IdentityStandIn();
        await identity.Run();
        return identity;
    }

    public int RenewalsOf(Guid session) => renewals.GetValueOrDefault(session);

    /// <summary>How long the first token of an account's next session lives; five minutes if not said.</summary>
    public void GiveFirstTokenOf(string email, TimeSpan lifetime) => firstLifetimes[email] = lifetime;

    /// <summary>From now on this session is over for Identity.</summary>
    public void Refuse(Guid session, int status) => refusedRenewals[session] = status;

    public static string Token(string name, string id) =>
        $"{Part(new { alg = "ES256" })}.{Part(new { sub = Guid.CreateVersion7(), name, perm = "leads.read leads.convert", jti = id })}.signature";

    protected override async Task Answer(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/internal/sessions", StringComparison.Ordinal, out var rest))
        {
            await base.Answer(http);
            return;
        }
        if (IsAway || http.Request.Headers["X-LeadCrm-Internal"] != GatewayFixture.InternalKey)
        {
            http.Response.StatusCode = IsAway ? 500 : 401;
            return;
        }

        var parts = rest.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is []) await SignIn(http);
        else if (parts is [_, "tokens"]) await Renew(http, Guid.Parse(parts[0]));
        else
        {
            Ended.Enqueue(Guid.Parse(parts[0]));
            http.Response.StatusCode = 204;
        }
    }

    private async Task SignIn(HttpContext http)
    {
        var body = await http.Request.ReadFromJsonAsync<JsonElement>();
        var email = body.GetProperty("email").GetString()!;
        if (body.GetProperty("password").GetString() != Password)
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsJsonAsync(new { type = "urn:leadcrm:sign-in-failed", title = "Sign-in failed", status = 401, detail = "Said by Identity." }, options: null, "application/problem+json");
            return;
        }
        var lifetime = firstLifetimes.GetValueOrDefault(email, TimeSpan.FromMinutes(5));
        await http.Response.WriteAsJsonAsync(new
        {
            sessionId = Guid.CreateVersion7(), userId = Guid.CreateVersion7(), name = email, permissions = Array.Empty<string>(),
            accessToken = Token(email, "first"), expiresAt = DateTimeOffset.UtcNow + lifetime,
        });
    }

    private async Task Renew(HttpContext http, Guid session)
    {
        var count = renewals.AddOrUpdate(session, 1, (_, before) => before + 1);
        if (refusedRenewals.TryGetValue(session, out var status)) http.Response.StatusCode = status;
        else await http.Response.WriteAsJsonAsync(new { accessToken = Token("renewed", $"renewed-{count}"), expiresAt = DateTimeOffset.UtcNow.AddMinutes(5) });
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}

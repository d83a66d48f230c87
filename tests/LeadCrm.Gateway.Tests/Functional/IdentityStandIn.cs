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
    private readonly ConcurrentDictionary<string, TimeSpan> firstAhead = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, int> refusedRenewals = new();
    private readonly ConcurrentDictionary<Guid, byte> revoked = new();
    private readonly ConcurrentDictionary<string, Guid> personalTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> exchanges = new(StringComparer.Ordinal);

    /// <summary>Sessions that were ended, in order.</summary>
    public ConcurrentQueue<Guid> Ended { get; } = new();

    /// <summary>Users who have a second factor, by e-mail address, with the code that is good.</summary>
    public ConcurrentDictionary<string, string> Codes { get; } = new(StringComparer.Ordinal);

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

    /// <summary>The first token of an account's next session is made by a clock that is ahead by this.</summary>
    public void MakeFirstTokenAhead(string email, TimeSpan by) => firstAhead[email] = by;

    public static string Token(string name, string id, Guid session = default, TimeSpan ahead = default) =>
        $"{Part(new { alg = "ES256" })}.{Part(new { sub = Guid.CreateVersion7(), name, perm = "leads.read leads.convert", jti = id, sid = session, client_id = session, nbf = (DateTimeOffset.UtcNow + ahead).ToUnixTimeSeconds() })}.signature";

    /// <summary>From now on this is among what was ended: a session, or what stands for one of a personal token.</summary>
    public void Revoke(Guid session) => revoked[session] = 0;

    /// <summary>A personal token that works, until what stands for its session is revoked.</summary>
    public (string Token, Guid Session) NewPersonalToken()
    {
        var (token, session) = ($"lcp_{Guid.NewGuid():N}", Guid.CreateVersion7());
        personalTokens[token] = session;
        return (token, session);
    }

    public int ExchangesOf(string token) => exchanges.GetValueOrDefault(token);

    protected override async Task Answer(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/internal", StringComparison.Ordinal))
        {
            await base.Answer(http);
            return;
        }
        if (IsAway || http.Request.Headers["X-LeadCrm-Internal"] != GatewayFixture.InternalKey)
        {
            http.Response.StatusCode = IsAway ? 500 : 401;
            return;
        }

        if (http.Request.Path == "/internal/revocations")
        {
            await http.Response.WriteAsJsonAsync(new { asOf = DateTimeOffset.UtcNow, sessions = revoked.Keys });
            return;
        }
        if (http.Request.Path == "/internal/personal-tokens/exchange")
        {
            await Exchange(http);
            return;
        }
        http.Request.Path.StartsWithSegments("/internal/sessions", StringComparison.Ordinal, out var rest);
        var parts = rest.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is []) await SignIn(http);
        else if (parts is ["second-factor"]) await SignInWithCode(http);
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
            await Refuse(http, "sign-in-failed");
            return;
        }
        if (Codes.ContainsKey(email))
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsJsonAsync(new { type = "urn:leadcrm:second-factor-required", title = "A code is needed", status = 401, detail = "Said by Identity.", challenge = $"challenge of {email}" }, options: null, "application/problem+json");
            return;
        }
        await Open(http, email);
    }

    private async Task SignInWithCode(HttpContext http)
    {
        var body = await http.Request.ReadFromJsonAsync<JsonElement>();
        var email = body.GetProperty("challenge").GetString()!.Replace("challenge of ", "", StringComparison.Ordinal);
        if (Codes.TryGetValue(email, out var code) && body.GetProperty("code").GetString() == code) await Open(http, email);
        else await Refuse(http, "second-factor-failed");
    }

    private async Task Exchange(HttpContext http)
    {
        var token = (await http.Request.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        exchanges.AddOrUpdate(token, 1, (_, before) => before + 1);
        if (personalTokens.TryGetValue(token, out var session) && !revoked.ContainsKey(session))
            await http.Response.WriteAsJsonAsync(new { accessToken = Token("exchanged", token, session), expiresAt = DateTimeOffset.UtcNow.AddMinutes(5), sessionId = session });
        else await Refuse(http, "token-refused");
    }

    private static async Task Refuse(HttpContext http, string type)
    {
        http.Response.StatusCode = 401;
        await http.Response.WriteAsJsonAsync(new { type = "urn:leadcrm:" + type, title = "Refused", status = 401, detail = "Said by Identity." }, options: null, "application/problem+json");
    }

    private async Task Open(HttpContext http, string email)
    {
        var ahead = firstAhead.GetValueOrDefault(email);
        var lifetime = ahead + firstLifetimes.GetValueOrDefault(email, TimeSpan.FromMinutes(5));
        var session = Guid.CreateVersion7();
        await http.Response.WriteAsJsonAsync(new
        {
            sessionId = session, userId = Guid.CreateVersion7(), name = email, permissions = Array.Empty<string>(),
            accessToken = Token(email, "first", session, ahead), expiresAt = DateTimeOffset.UtcNow + lifetime,
        });
    }

    private async Task Renew(HttpContext http, Guid session)
    {
        var count = renewals.AddOrUpdate(session, 1, (_, before) => before + 1);
        if (refusedRenewals.TryGetValue(session, out var status)) http.Response.StatusCode = status;
        else await http.Response.WriteAsJsonAsync(new { accessToken = Token("renewed", $"renewed-{count}", session), expiresAt = DateTimeOffset.UtcNow.AddMinutes(5) });
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}

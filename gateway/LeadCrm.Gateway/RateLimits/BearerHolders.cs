using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LeadCrm.Gateway.Proxy;
using LeadCrm.Gateway.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Gateway.RateLimits;

/// <summary>
/// Whose budget a bearer token uses. What a token says of itself counts only when Identity signed it: else one could spend another's
/// budget, or have a new one with each made-up token. Whether it may do anything is for the services, which check it again.
/// </summary>
internal sealed class BearerHolders(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, ILogger<BearerHolders> log) : IDisposable
{
    public const string ClientName = "key-set";

    private const int LargestCache = 10_000;
    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan NotMoreOftenThan = TimeSpan.FromSeconds(2);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, (KnownBearer Bearer, DateTimeOffset Until)> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim single = new(1, 1);
    private volatile IReadOnlyList<SecurityKey> keys = [];
    private DateTimeOffset fetchedAt = DateTimeOffset.MinValue;
    private DateTimeOffset triedAt = DateTimeOffset.MinValue;

    /// <summary>The token's holder if it was found good a moment ago.</summary>
    public KnownBearer? Remembered(HttpContext http) =>
        SessionMiddleware.BearerToken(http) is { } token && known.TryGetValue(Hash(token), out var found) && found.Until > clock.GetUtcNow() ? found.Bearer : null;

    /// <summary>The token's holder; null for what Identity did not sign, and while its keys cannot be had.</summary>
    public async Task<KnownBearer?> Find(HttpContext http)
    {
        if (Remembered(http) is { } remembered) return remembered;
        if (SessionMiddleware.BearerToken(http) is not { } token || KeyId(token) is not { } kid) return null;
        await Seek(kid, http.RequestAborted);

        var checkedToken = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = AccessTokens.Issuer,
            ValidAudience = AccessTokens.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ClockSkew = TimeSpan.FromSeconds(10),
            IssuerSigningKeys = keys,
        });
        if (!checkedToken.IsValid || HolderIn(checkedToken) is not { } holder) return null;
        var found = new KnownBearer(holder, checkedToken.Claims.TryGetValue("sid", out var sid) && Guid.TryParse(sid as string, out var session) ? session : null);
        Remember(Hash(token), found, new DateTimeOffset(checkedToken.SecurityToken.ValidTo, TimeSpan.Zero));
        return found;
    }

    public void Dispose() => single.Dispose();

    private static Holder? HolderIn(TokenValidationResult token) =>
        token.Claims.TryGetValue("client_id", out var client) && client is string { Length: > 0 } id ? Holder.Client(id)
        : token.Claims.TryGetValue("sub", out var sub) && Guid.TryParse(sub as string, out var user) ? Holder.User(user)
        : null;

    private static string? KeyId(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            return null;   // not a token at all
        }
    }

    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private void Remember(string hash, KnownBearer bearer, DateTimeOffset expires)
    {
        var now = clock.GetUtcNow();
        if (known.Count >= LargestCache)
            foreach (var pair in known)
                if (pair.Value.Until <= now) known.TryRemove(pair);
        if (known.Count >= LargestCache) return;
        known[hash] = (bearer, now + RememberFor < expires ? now + RememberFor : expires);
    }

    private async Task Seek(string kid, CancellationToken ct)
    {
        if (!IsDue(kid)) return;
        await single.WaitAsync(ct);
        try
        {
            if (!IsDue(kid)) return;
            triedAt = clock.GetUtcNow();
            if (ServiceAddresses.Of(configuration, "identity") is not { } identity) return;
            using var client = clients.CreateClient(ClientName);
            keys = [.. new JsonWebKeySet(await client.GetStringAsync(new Uri(identity, ".well-known/jwks.json"), ct)).GetSigningKeys()];
            fetchedAt = triedAt;
        }
        catch (Exception ex) when (ex is HttpRequestException or ArgumentException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("The key set could not be had from Identity ({Reason}); tokens that need it count for their address", ex.Message);
        }
        finally
        {
            single.Release();
        }
    }

    private bool IsDue(string kid)
    {
        var now = clock.GetUtcNow();
        return now - triedAt >= NotMoreOftenThan && (now - fetchedAt >= RefreshEvery || !keys.Any(key => key.KeyId == kid));
    }
}

/// <summary>What an access token says that Identity signed.</summary>
/// <param name="Holder">Whose budget it uses: the client's that it was given to, else the user's.</param>
/// <param name="SessionId">What it is refused by when that was ended.</param>
internal sealed record KnownBearer(Holder Holder, Guid? SessionId);

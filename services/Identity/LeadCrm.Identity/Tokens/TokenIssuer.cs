using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Identity.Tokens;

/// <summary>Signs access tokens: who, in which session, allowed what, for a few minutes.</summary>
internal sealed class TokenIssuer(KeyRing keys, IOptions<TokenSettings> options, TimeProvider clock)
{
    public const string Issuer = AccessTokens.Issuer;
    public const string Audience = AccessTokens.Audience;

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>For somebody who is signed in.</summary>
    /// <param name="user">Who, with roles.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="mustSetUpSecondFactor">True: the token allows nothing but that, and lives shortly, so that the gateway asks for another one as soon as it is done.</param>
    public AccessToken ForSession(User user, Guid sessionId, bool mustSetUpSecondFactor = false) => mustSetUpSecondFactor
        ? Issue(user, sessionId, [], options.Value.SetUpTokenLifetime, (AccessTokens.ToDo, AccessTokens.SecondFactor))
        : Issue(user, sessionId, user.Permissions, options.Value.AccessTokenLifetime);

    /// <summary>For a program that shows a personal token of the user.</summary>
    public AccessToken ForPersonalToken(User user, Guid sessionId, Guid tokenId, IReadOnlyList<string> permissions) =>
        Issue(user, sessionId, permissions, options.Value.AccessTokenLifetime, (AccessTokens.Credential, AccessTokens.PersonalToken), ("client_id", tokenId.ToString()));

    /// <summary>For an API client, which acts as the user.</summary>
    public AccessToken ForClient(User user, Guid sessionId, Guid clientId, IReadOnlyList<string> permissions) =>
        Issue(user, sessionId, permissions, options.Value.AccessTokenLifetime, (AccessTokens.Credential, AccessTokens.Client), ("client_id", clientId.ToString()));

    private AccessToken Issue(User user, Guid sessionId, IReadOnlyList<string> permissions, TimeSpan lifetime, params (string Name, string Value)[] further)
    {
        var now = clock.GetUtcNow();
        var expiresAt = now + lifetime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = user.Id.ToString(),
            [JwtRegisteredClaimNames.Name] = user.Name,
            [JwtRegisteredClaimNames.Sid] = sessionId.ToString(),
            [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString("N"),
            ["perm"] = string.Join(' ', permissions),
        };
        foreach (var (name, value) in further) claims[name] = value;
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            SigningCredentials = keys.CurrentCredentials(),
            Claims = claims,
        });
        // The claim counts whole seconds; telling more would promise a token that is already refused.
        return new AccessToken(token, DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()));
    }
}

/// <summary>A signed token and when it stops being good.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset ExpiresAt);

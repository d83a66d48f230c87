using LeadCrm.Identity.Users;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Identity.Tokens;

/// <summary>Signs access tokens: who, in which session, allowed what, for a few minutes.</summary>
internal sealed class TokenIssuer(KeyRing keys, IOptions<TokenSettings> options, TimeProvider clock)
{
    public const string Issuer = "leadcrm-identity";
    public const string Audience = "leadcrm";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public AccessToken Issue(User user, Guid sessionId)
    {
        var now = clock.GetUtcNow();
        var expiresAt = now + options.Value.AccessTokenLifetime;
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            SigningCredentials = keys.CurrentCredentials(),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = user.Id.ToString(),
                [JwtRegisteredClaimNames.Name] = user.Name,
                [JwtRegisteredClaimNames.Sid] = sessionId.ToString(),
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString("N"),
                ["perm"] = string.Join(' ', user.Permissions),
            },
        });
        // The claim counts whole seconds; telling more would promise a token that is already refused.
        return new AccessToken(token, DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()));
    }
}

/// <summary>A signed token and when it stops being good.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset ExpiresAt);

using System.Security.Cryptography;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Testing;

/// <summary>Signs access tokens as Identity would, with a key of this test process that its services are told to trust.</summary>
public static class TestTokens
{
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = $"test-{Guid.NewGuid():N}" };

    /// <summary>The public key set, as Identity publishes it.</summary>
    public static string KeySet
    {
        get
        {
            var point = Key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            return JsonSerializer.Serialize(new
            {
                keys = new[]
                {
                    new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = Key.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) },
                },
            });
        }
    }

    /// <summary>A token for the user with these permissions and no others; with a client's id, as the client that acts as the user has it.</summary>
    public static string For(Guid userId, string name = "Test User", IEnumerable<string>? permissions = null, Guid? sessionId = null, TimeSpan? validFor = null, Guid? clientId = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            IssuedAt = DateTime.UtcNow.AddMinutes(-1),
            NotBefore = DateTime.UtcNow.AddMinutes(-1),
            Expires = DateTime.UtcNow + (validFor ?? TimeSpan.FromHours(1)),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>(clientId is { } client ? [KeyValuePair.Create("client_id", (object)client.ToString())] : [])
            {
                ["sub"] = userId.ToString(),
                ["name"] = name,
                ["sid"] = (sessionId ?? Guid.CreateVersion7()).ToString(),
                ["perm"] = string.Join(' ', permissions ?? []),
                ["jti"] = Guid.NewGuid().ToString(),
            },
        });
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>Access tokens as Identity signs them, with a key of the test's own.</summary>
internal static class TestTokens
{
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public static string Jwks { get; } = CreateJwks();

    public static string Create(string permissions) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "leadcrm-identity",
        Audience = "leadcrm",
        Claims = new Dictionary<string, object>
        {
            ["sub"] = Guid.CreateVersion7().ToString(), ["name"] = "Op Erator", ["sid"] = Guid.CreateVersion7().ToString(), ["perm"] = permissions,
            ["jti"] = Guid.NewGuid().ToString(),
        },
        Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
    });

    private static string CreateJwks()
    {
        var point = Key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = Key.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } },
        });
    }
}

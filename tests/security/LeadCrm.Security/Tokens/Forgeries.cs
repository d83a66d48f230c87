using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Security.Tokens;

/// <summary>
/// Every way of getting in with a token that was not given out for it. What they claim is always the most that there is: the administrator,
/// with every permission.
/// </summary>
public static class Forgeries
{
    private static readonly string[] Everything =
    [
        "leads.read", "leads.create", "leads.edit", "leads.delete", "leads.convert", "leads.undoConversion", "leads.viewConverted", "leads.editConverted", "leads.import", "leads.transfer",
        "accounts.read", "accounts.create", "accounts.edit", "accounts.delete", "accounts.merge", "accounts.undoMerge",
        "contacts.read", "contacts.create", "contacts.edit", "contacts.delete", "contacts.merge", "contacts.undoMerge",
        "opportunities.read", "opportunities.create", "opportunities.edit", "opportunities.delete", "campaigns.read", "campaigns.create", "campaigns.edit", "campaigns.delete",
        "activities.read", "activities.create", "activities.edit", "activities.delete", "data.export", "data.viewAll", "data.editAll", "setup.manage", "users.manage", "messages.manage",
    ];

    /// <summary>All kinds.</summary>
    /// <param name="genuine">A good token of somebody who may do little.</param>
    /// <param name="administrator">Whom they claim to be.</param>
    /// <param name="signing">The key that signs tokens now.</param>
    /// <param name="trap">Where a header says that the key can be had; nothing may ask there.</param>
    /// <param name="internalKey">What services show each other.</param>
    /// <param name="others">What was given out for something else: name and text.</param>
    public static IReadOnlyList<BadCredential> All(string genuine, Guid administrator, StolenKey signing, Uri trap, string internalKey, IEnumerable<(string Kind, string Text)> others)
    {
        using var attacker = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = genuine.Split('.');
        var identity = signing.Key;
        var publicKey = identity.ExportSubjectPublicKeyInfo();
        var point = identity.ExportParameters(includePrivateParameters: false).Q;
        var kid = signing.Id;
        var mine = Jws.Es256(attacker);

        JsonObject Payload(Action<JsonObject>? change = null)
        {
            var payload = Jws.Read(genuine).Payload;
            payload["sub"] = administrator.ToString();
            payload["perm"] = string.Join(' ', Everything);
            change?.Invoke(payload);
            return payload;
        }
        JsonObject Header(string? alg = "ES256", Action<JsonObject>? change = null)
        {
            var header = new JsonObject { ["typ"] = "JWT", ["kid"] = kid };
            if (alg is not null) header["alg"] = alg;
            change?.Invoke(header);
            return header;
        }
        long In(int seconds) => DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds();
        BadCredential WellSigned(string kind, Action<JsonObject> change) => BadCredential.Bearer(kind, Jws.Make(Header(), Payload(change), Jws.Es256(identity)));
        BadCredential Unsigned(string kind, string? alg, string signature = "") => BadCredential.Bearer(kind, $"{Jws.Encode(Header(alg))}.{Jws.Encode(Payload())}.{signature}");
        BadCredential Confused(string kind, byte[] key, string alg = "HS256", Action<JsonObject>? header = null) => BadCredential.Bearer(kind, Jws.Make(Header(alg, header), Payload(), Jws.Hs256(key)));
        BadCredential ByAttacker(string kind, Action<JsonObject>? header = null) => BadCredential.Bearer(kind, Jws.Make(Header("ES256", header), Payload(), mine));
        BadCredential Changed(string kind, Action<JsonObject> change)
        {
            var payload = Jws.Read(genuine).Payload;
            change(payload);
            return BadCredential.Bearer(kind, $"{parts[0]}.{Jws.Encode(payload)}.{parts[2]}");
        }
        BadCredential WithSignature(string kind, byte[] signature) => BadCredential.Bearer(kind, $"{parts[0]}.{parts[1]}.{Jws.Encode(signature)}");

        var signature = Jws.Decode(parts[2]);
        byte[] flipped = [.. signature];
        flipped[^1] ^= 1;
        using var certificate = new CertificateRequest("CN=leadcrm-identity", attacker, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var forged = Jws.Make(Header(), Payload(), mine);

        return
        [
            new("no token", []),
            WellSigned("expired (well signed)", p => p["exp"] = In(-60)),
            WellSigned("wrong audience (well signed)", p => p["aud"] = "another-product"),
            WellSigned("wrong issuer (well signed)", p => p["iss"] = "https://accounts.example"),
            WellSigned("not valid yet (well signed)", p => { p["nbf"] = In(600); p["exp"] = In(900); }),
            WellSigned("without expiry (well signed)", p => p.Remove("exp")),
            WellSigned("without audience (well signed)", p => p.Remove("aud")),
            WellSigned("without issuer (well signed)", p => p.Remove("iss")),
            Unsigned("alg none", "none"), Unsigned("alg None", "None"), Unsigned("alg NONE", "NONE"), Unsigned("alg nOnE", "nOnE"),
            Unsigned("alg none, a signature behind it", "none", parts[2]), Unsigned("alg empty", ""), Unsigned("alg missing", null),
            Confused("HS256 with the public key (DER)", publicKey),
            Confused("HS256 with the public key (PEM)", Encoding.ASCII.GetBytes(identity.ExportSubjectPublicKeyInfoPem())),
            Confused("HS256 with the public key (JWK)", Encoding.UTF8.GetBytes(Jws.PublicJwk(identity, kid).ToJsonString())),
            Confused("HS256 with the public point", [.. point.X!, .. point.Y!]),
            Confused("HS256 with an empty key", []),
            Confused("HS256 with the internal key", Encoding.UTF8.GetBytes(internalKey)),
            Confused("kid is a path to an empty file", [], header: h => h["kid"] = "../../../../../../dev/null"),
            Confused("kid is SQL", Encoding.UTF8.GetBytes("secret"), header: h => h["kid"] = "x' union select 'secret' --"),
            ByAttacker("another key, Identity's kid"),
            ByAttacker("another key, unknown kid", h => h["kid"] = "key-of-somebody-else"),
            ByAttacker("another key, kid empty", h => h["kid"] = ""),
            ByAttacker("another key, kid missing", h => h.Remove("kid")),
            ByAttacker("kid is an address", h => h["kid"] = new Uri(trap, "key").ToString()),
            ByAttacker("the key comes along (jwk)", h => { h.Remove("kid"); h["jwk"] = Jws.PublicJwk(attacker); }),
            ByAttacker("the key comes along under Identity's kid (jwk)", h => h["jwk"] = Jws.PublicJwk(attacker, kid)),
            ByAttacker("the key is elsewhere (jku)", h => { h["kid"] = "mine"; h["jku"] = new Uri(trap, "jwks.json").ToString(); }),
            ByAttacker("the certificate is elsewhere (x5u)", h => { h["kid"] = "mine"; h["x5u"] = new Uri(trap, "certificate.pem").ToString(); }),
            ByAttacker("the certificate comes along (x5c)", h => { h.Remove("kid"); h["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)); h["x5t"] = Jws.Encode(certificate.GetCertHash()); }),
            ByAttacker("the issuer comes along as a claim of the header", h => h["iss"] = new Uri(trap, ".well-known/openid-configuration").ToString()),
            WithSignature("signature cut", signature[..40]),
            WithSignature("signature changed by a bit", flipped),
            WithSignature("signature empty", []),
            WithSignature("signature of zeros", new byte[64]),
            WithSignature("signature of another token", identity.SignData("another"u8.ToArray(), HashAlgorithmName.SHA256)),
            Changed("permissions raised", p => p["perm"] = string.Join(' ', Everything)),
            Changed("a role added", p => p["role"] = "Administrator"),
            Changed("another user's sub", p => p["sub"] = administrator.ToString()),
            Changed("expiry moved", p => p["exp"] = In(86_400)),
            Changed("another session's sid", p => p["sid"] = Guid.CreateVersion7().ToString()),
            BadCredential.Bearer("alg ES384 over a good signature", $"{Jws.Encode(Header("ES384"))}.{parts[1]}.{parts[2]}"),
            BadCredential.Bearer("alg RS256 over a good signature", $"{Jws.Encode(Header("RS256"))}.{parts[1]}.{parts[2]}"),
            BadCredential.Bearer("only header and payload", $"{parts[0]}.{parts[1]}"),
            BadCredential.Bearer("encrypted form (five parts)", $"{Jws.Encode(new JsonObject { ["alg"] = "dir", ["enc"] = "A256GCM" })}..{parts[1]}.{parts[1]}.{parts[2]}"),
            BadCredential.Bearer("two tokens in one", $"{genuine}.{genuine}"),
            BadCredential.Bearer("words", "administrator"),
            .. others.Select(other => BadCredential.Bearer(other.Kind, other.Text)),
            new("a forged one behind a space and a tab", [$"Authorization: Bearer  \t{forged}"]),
            new("two headers, the good one first", [$"Authorization: Bearer {genuine}", $"Authorization: Bearer {forged}"]),
            new("two headers, the good one last", [$"Authorization: Bearer {forged}", $"Authorization: Bearer {genuine}"]),
            new("two tokens in one header", [$"Authorization: Bearer {forged}, Bearer {genuine}"]),
            new("the good one in another header", [$"X-Authorization: Bearer {genuine}", $"X-Forwarded-Authorization: Bearer {genuine}", $"Proxy-Authorization: Bearer {genuine}"]),
            new("Basic instead of Bearer", [$"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin@leadcrm.local:{forged}"))}"]),
            new("headers that name a user", [$"X-User-Id: {administrator}", "X-Forwarded-User: admin@leadcrm.local", "X-Remote-User: admin@leadcrm.local", "X-Original-URL: /health/live", "X-LeadCrm-User: admin"]),
            new("the internal key on a user's call", [$"X-LeadCrm-Internal: {internalKey}"]),
            new("a good token in the query", [], Query: $"access_token={genuine}"),
            new("a good token as a cookie", [$"Cookie: access_token={genuine}; Authorization=Bearer {genuine}; __Host-leadcrm={genuine}"]),
        ];
    }
}

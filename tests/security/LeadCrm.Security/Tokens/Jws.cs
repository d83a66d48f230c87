using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Security.Tokens;

/// <summary>Tokens put together by hand: a library would refuse to make most of these.</summary>
public static class Jws
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Encode(JsonNode node) => Encode(Encoding.UTF8.GetBytes(node.ToJsonString()));

    public static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);

    /// <summary>Header and payload of a token.</summary>
    public static (JsonObject Header, JsonObject Payload) Read(string token)
    {
        var parts = token.Split('.');
        return (JsonNode.Parse(Decode(parts[0]))!.AsObject(), JsonNode.Parse(Decode(parts[1]))!.AsObject());
    }

    /// <summary>A token with the signature that the function makes of what is signed.</summary>
    public static string Make(JsonObject header, JsonObject payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static Func<byte[], byte[]> Es256(ECDsa key) => data => key.SignData(data, HashAlgorithmName.SHA256);

    public static Func<byte[], byte[]> Hs256(byte[] key) => data => HMACSHA256.HashData(key, data);

    /// <summary>The public half of a key as JSON Web Key.</summary>
    public static JsonObject PublicJwk(ECDsa key, string? kid = null)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["alg"] = "ES256", ["x"] = Encode(point.X), ["y"] = Encode(point.Y) };
        if (kid is not null) jwk["kid"] = kid;
        return jwk;
    }
}

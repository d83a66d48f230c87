using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Identity.Tokens;

/// <summary>A P-256 key as it lies in the database: the public half in the clear, the private half wrapped with the <see cref="DataKey"/>.</summary>
internal sealed class SigningKey
{
    private SigningKey()
    {
    }

    /// <summary>The key id (<c>kid</c>): the RFC 7638 thumbprint of the public key.</summary>
    public string Id { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From when on tokens are signed with it; it is published from its creation on.</summary>
    public DateTimeOffset ActiveFrom { get; private set; }

    /// <summary>The public point, 64 bytes: x then y.</summary>
    public byte[] PublicPoint { get; private set; } = [];

    /// <summary>The private key (PKCS #8), wrapped.</summary>
    public byte[] WrappedPrivateKey { get; private set; } = [];

    public static SigningKey Generate(DateTimeOffset now, DateTimeOffset activeFrom, DataKey dataKey)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        byte[] publicPoint = [.. point.X!, .. point.Y!];
        var id = Base64UrlEncoder.Encode(Jwk(publicPoint).ComputeJwkThumbprint());
        var secret = pair.ExportPkcs8PrivateKey();
        try
        {
            return new SigningKey
            {
                Id = id,
                CreatedAt = now,
                ActiveFrom = activeFrom,
                PublicPoint = publicPoint,
                WrappedPrivateKey = dataKey.Wrap(secret, boundTo: id),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The key in the form that signs.</summary>
    public ECDsaSecurityKey Open(DataKey dataKey)
    {
        byte[] secret;
        try
        {
            secret = dataKey.Unwrap(WrappedPrivateKey, boundTo: Id);
        }
        catch (CryptographicException wrong)
        {
            throw new InvalidOperationException(
                "The signing keys in the database do not open with this LEADCRM_DATA_KEY. Start with the key that they were made with; " +
                "if it is lost, empty the table signing_keys: new keys are made and everybody signs in again.", wrong);
        }

        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return new ECDsaSecurityKey(pair) { KeyId = Id };
    }

    /// <summary>The key as the key set shows it: never more than the public half.</summary>
    public PublishedKey ToPublishedKey() =>
        new("EC", "sig", "ES256", Id, "P-256", Base64UrlEncoder.Encode(PublicPoint[..32]), Base64UrlEncoder.Encode(PublicPoint[32..]));

    private static JsonWebKey Jwk(byte[] point) => new()
    {
        Kty = "EC",
        Crv = "P-256",
        X = Base64UrlEncoder.Encode(point[..32]),
        Y = Base64UrlEncoder.Encode(point[32..]),
    };
}

/// <summary>A public key of the key set (RFC 7517).</summary>
/// <param name="Kty">Always EC.</param>
/// <param name="Use">Always sig: signatures.</param>
/// <param name="Alg">Always ES256.</param>
/// <param name="Kid">The id that tokens name in their header.</param>
/// <param name="Crv">Always P-256.</param>
/// <param name="X">The point's x, base64url.</param>
/// <param name="Y">The point's y, base64url.</param>
internal sealed record PublishedKey(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y);

using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace LeadCrm.Gateway.Storage;

/// <summary>The key from the environment (<c>LEADCRM_DATA_KEY</c>, 32 bytes in base64) that wraps what is secret in the database: AES-256-GCM.</summary>
internal sealed class DataKey(IConfiguration configuration)
{
    public const string Setting = "LEADCRM_DATA_KEY";
    private const int NonceBytes = 12, TagBytes = 16;
    private readonly byte[] key = Read(configuration[Setting]);

    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes));
        return wrapped;
    }

    public byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < NonceBytes + TagBytes) throw new CryptographicException("The wrapped key is too short.");
        var plain = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(wrapped[..NonceBytes], wrapped[(NonceBytes + TagBytes)..], wrapped.Slice(NonceBytes, TagBytes), plain);
        return plain;
    }

    private static byte[] Read(string? text)
    {
        var bytes = new byte[32];
        return text is not null && Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == bytes.Length
            ? bytes
            : throw new InvalidOperationException($"{Setting} must be 32 random bytes in base64, for example from: openssl rand -base64 32");
    }
}

/// <summary>Wraps keys of the key ring on their way to the database.</summary>
internal sealed class DataKeyEncryptor(DataKey dataKey) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("wrappedKey", Convert.ToBase64String(dataKey.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))),
        typeof(DataKeyDecryptor));
}

/// <summary>Opens them again; made by name by data protection, hence the service provider.</summary>
internal sealed class DataKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<DataKey>().Unwrap(Convert.FromBase64String(encryptedElement.Value))));
}

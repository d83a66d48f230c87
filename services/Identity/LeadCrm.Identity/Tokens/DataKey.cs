using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Identity.Tokens;

/// <summary>
/// Wraps what must not lie in the database in the clear (AES-256-GCM) with a key that comes from the environment and never enters the
/// database: a copy of the database alone signs no tokens.
/// </summary>
internal sealed class DataKey
{
    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] key;

    private DataKey(byte[] key) => this.key = key;

    /// <summary>Reads <c>LEADCRM_DATA_KEY</c>: 32 bytes in base64.</summary>
    public static DataKey From(IConfiguration configuration) => Parse(configuration["LEADCRM_DATA_KEY"]);

    public static DataKey Parse(string? base64)
    {
        var bytes = new byte[33];
        if (string.IsNullOrWhiteSpace(base64) || !Convert.TryFromBase64String(base64.Trim(), bytes, out var length) || length != 32)
            throw new InvalidOperationException("LEADCRM_DATA_KEY must hold 32 random bytes in base64; make one with: openssl rand -base64 32");
        return new DataKey(bytes[..32]);
    }

    /// <summary>Format byte, nonce, tag, cipher text. <paramref name="boundTo"/> ties the text to its row, so that rows cannot be swapped.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plain, string boundTo)
    {
        var wrapped = new byte[1 + NonceSize + TagSize + plain.Length];
        wrapped[0] = Format;
        var nonce = wrapped.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, wrapped.AsSpan(1 + NonceSize + TagSize), wrapped.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(boundTo));
        return wrapped;
    }

    /// <exception cref="CryptographicException">The text was wrapped with another key, for another row, or was changed.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string boundTo)
    {
        if (wrapped.Length < 1 + NonceSize + TagSize || wrapped[0] != Format)
            throw new CryptographicException("This is not a text wrapped by this version of the product.");
        var plain = new byte[wrapped.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(wrapped.Slice(1, NonceSize), wrapped[(1 + NonceSize + TagSize)..], wrapped.Slice(1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(boundTo));
        return plain;
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// What the browser holds: 256 random bits. The database knows only their SHA-256, so a stolen copy of it opens no session; and the
/// anti-forgery token is derived from them, so it needs no storage and a page can learn it only by asking with the cookie.
/// </summary>
internal sealed class SessionSecret
{
    private const int Bytes = 32;
    private const int TextLength = 43;   // 32 bytes in base64url without padding
    private readonly byte[] value;

    private SessionSecret(byte[] value)
    {
        this.value = value;
        Text = Base64Url.EncodeToString(value);
        Id = new SessionId(SHA256.HashData(value));
        AntiForgeryToken = Base64Url.EncodeToString(HMACSHA256.HashData(value, "leadcrm anti-forgery"u8));
    }

    /// <summary>The cookie's value.</summary>
    public string Text { get; }

    /// <summary>The key under which the session is stored.</summary>
    public SessionId Id { get; }

    /// <summary>What a write must send as <c>X-CSRF-Token</c>.</summary>
    public string AntiForgeryToken { get; }

    public static SessionSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    public static SessionSecret? Parse(string? text)
    {
        if (text is not { Length: TextLength }) return null;
        var bytes = new byte[Bytes];
        try
        {
            // Only the one way that we write it counts: a text with stray last bits would be a second name of the same session.
            return Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == Bytes && Base64Url.EncodeToString(bytes) == text ? new SessionSecret(bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public bool Accepts(string? antiForgeryToken) =>
        antiForgeryToken is not null && CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(antiForgeryToken), System.Text.Encoding.UTF8.GetBytes(AntiForgeryToken));

    /// <summary>Never the secret: a log line that names the object must not open a session.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>SHA-256 of a session's secret.</summary>
internal readonly struct SessionId(byte[] hash) : IEquatable<SessionId>
{
    public byte[] Hash { get; } = hash;
    public bool Equals(SessionId other) => Hash.AsSpan().SequenceEqual(other.Hash);
    public override bool Equals(object? obj) => obj is SessionId other && Equals(other);
    public override int GetHashCode() => BitConverter.ToInt32(Hash);
    public override string ToString() => Convert.ToHexStringLower(Hash.AsSpan(0, 6));
}

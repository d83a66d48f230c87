using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// Time-based one-time codes as every authenticator app makes them (RFC 6238: SHA-1, 30 s, six digits). Not those of ASP.NET Core Identity:
/// they do not tell which step a code was for, and so a code could be used twice; and they are good for two and a half minutes to either side.
/// </summary>
internal static class Totp
{
    public const int SecretBytes = 20;
    public const int Digits = 6;

    /// <summary>Steps to either side that are still good: clocks differ, and people type.</summary>
    private const int Tolerance = 1;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    public static string CodeAt(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The standard says SHA-1, authenticator apps know nothing else, and an HMAC does not depend on collisions.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step that a code is for, of those that are good now; null when it is for none. Takes as long for each code.</summary>
    public static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        long? found = null;
        var current = StepAt(now);
        for (var step = current - Tolerance; step <= current + Tolerance; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(secret, step)), Encoding.ASCII.GetBytes(code))) found = step;
        return found;
    }

    /// <summary>What a QR code holds (the key URI that authenticator apps read).</summary>
    public static string Uri(string organisation, string email, string secret) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(organisation)}:{System.Uri.EscapeDataString(email)}?secret={secret}&issuer={System.Uri.EscapeDataString(organisation)}&algorithm=SHA1&digits={Digits}&period={(int)Step.TotalSeconds}";
}

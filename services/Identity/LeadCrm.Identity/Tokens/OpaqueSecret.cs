using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Identity.Tokens;

/// <summary>
/// The secrets that programs hold: a prefix by which people and scanners recognise them, 256 random bits, and a checksum, so that a mistyped or
/// made-up one is refused without asking the database. Stored as SHA-256: the bits are random and too many to try, so a slow hash would
/// protect nothing more and cost its time with each request.
/// </summary>
internal static class OpaqueSecret
{
    public const string PersonalToken = "lcp_";
    public const string ClientSecret = "lcs_";

    private const int Bytes = 32, ChecksumBytes = 4;
    private const int Letters = 43, ChecksumLetters = 6;   // of base64url without padding

    public static string New(string prefix)
    {
        var text = prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return text + Checksum(text);
    }

    public static bool IsWellFormed(string prefix, string? text) =>
        text?.Length == prefix.Length + Letters + ChecksumLetters && text.StartsWith(prefix, StringComparison.Ordinal)
        && Checksum(text[..^ChecksumLetters]).Equals(text[^ChecksumLetters..], StringComparison.Ordinal);

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Checksum(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, ChecksumBytes));
}

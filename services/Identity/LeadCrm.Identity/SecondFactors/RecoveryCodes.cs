using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>How recovery codes look: four groups of four from the Base32 alphabet in lower case, as <c>k3f7-…</c>; hyphens, spaces and case do not matter.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;
    private const int Bytes = 10;
    private const int Letters = 16;

    public static string New()
    {
        var text = Base32.Encode(RandomNumberGenerator.GetBytes(Bytes)).ToLowerInvariant();
        return $"{text[..4]}-{text[4..8]}-{text[8..12]}-{text[12..]}";
    }

    /// <summary>What is stored of a code; null for what cannot be one.</summary>
    public static byte[]? Hash(Guid userId, string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return plain.Length == Letters ? SHA256.HashData([.. userId.ToByteArray(), .. Encoding.ASCII.GetBytes(plain)]) : null;
    }
}

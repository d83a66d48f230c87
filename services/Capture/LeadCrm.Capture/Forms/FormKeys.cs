using System.Security.Cryptography;

namespace LeadCrm.Capture.Forms;

/// <summary>Public keys of forms: nobody guesses one, and everybody can read one out.</summary>
internal static class FormKeys
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";   // without those that look like another
    private const int Length = 16;

    /// <summary>A new key.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>Whether it can be a key at all.</summary>
    public static bool IsOne(string key) => key.Length == Length && key.All(Letters.Contains);
}

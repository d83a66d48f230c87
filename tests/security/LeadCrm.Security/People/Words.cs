using System.Security.Cryptography;

namespace LeadCrm.Security.People;

/// <summary>Made-up words of one shape that resemble no other: a search that forgives typing errors must not take one for another.</summary>
public static class Words
{
    public static string New()
    {
        const string consonants = "bdfgklmnprstvz", vowels = "aeiou";
        var bytes = RandomNumberGenerator.GetBytes(12);
        var letters = Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? consonants[bytes[i] % consonants.Length] : vowels[bytes[i] % vowels.Length]).ToArray();
        letters[0] = char.ToUpperInvariant(letters[0]);
        return new string(letters);
    }

    /// <summary>Seven digits that belong to the word.</summary>
    public static string Digits(string word) => (BitConverter.ToUInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(word))) % 9_000_000 + 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

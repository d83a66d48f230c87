using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Chaos.Load;

/// <summary>Made-up people by number, none of whom resembles another: similar names would be duplicate candidates.</summary>
internal sealed class Marks
{
    private int last;

    /// <summary>A word that no other has, and that one can pronounce.</summary>
    public string Word()
    {
        const string consonants = "bdfgklmnprstvz", vowels = "aeiou";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"chaos {Interlocked.Increment(ref last)}"));
        var word = new StringBuilder();
        for (var syllable = 0; syllable < 6; syllable++) word.Append(consonants[hash[2 * syllable] % consonants.Length]).Append(vowels[hash[(2 * syllable) + 1] % vowels.Length]);
        word[0] = char.ToUpperInvariant(word[0]);
        return word.ToString();
    }

    public static string Email(string word) => $"{word.ToLowerInvariant()}@{word.ToLowerInvariant()}.example";
}

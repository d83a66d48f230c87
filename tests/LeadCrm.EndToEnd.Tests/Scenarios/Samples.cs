using System.Globalization;
using System.Text;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>Generated leads of the shape that real files have, the same for every seed.</summary>
internal static class Samples
{
    private static readonly string[] First = ["Ada", "Noor", "Marek", "Inés", "Kofi", "Yuki", "Liv", "Omar", "Zoë", "Paulo", "Mei", "Ravi"];
    private static readonly string[] Last = ["Keller", "Okafor", "Novák", "Ibáñez", "Larsen", "Tanaka", "Dubois", "Haddad", "Silva", "Chen", "Iyer", "Moreau"];
    private static readonly string[] Trade = ["Logistics", "Dental", "Solar", "Foods", "Robotics", "Travel", "Optics", "Textiles", "Analytics", "Timber"];
    private static readonly string[] Form = ["GmbH", "Inc", "Ltd", "S.A.", "BV", "AG", "Oy", "SpA"];
    private static readonly string[] Sources = ["Web", "Partner", "Trade show", "LinkedIn", "Phone"];

    /// <summary>A company name that resembles no other of the same batch.</summary>
    public static string Company(string batch, int i) =>
        $"{Word(batch, i)} {Trade[i % Trade.Length]} {Form[i / 3 % Form.Length]}";

    /// <summary>One lead as a create request.</summary>
    public static object Lead(string batch, int i, string? company = null) => new
    {
        firstName = First[i % First.Length],
        lastName = Last[i / 5 % Last.Length] + " " + Word(batch, i),
        company = company ?? Company(batch, i),
        email = $"{Word(batch, i).ToLowerInvariant()}@{Word(batch, i).ToLowerInvariant()}-{batch}.example",
        source = Sources[i % Sources.Length],
    };

    /// <summary>A CSV file of the 14-column shape that lead lists are sold in, with messy phones and a few bad rows.</summary>
    public static byte[] Csv(string batch, int rows)
    {
        var text = new StringBuilder("Index,Account Id,Lead Owner,First Name,Last Name,Company,Phone 1,Phone 2,Email 1,Email 2,Website,Source,Deal Stage,Notes\r\n");
        for (var i = 1; i <= rows; i++)
        {
            var word = Word(batch, i);
            text.Append(CultureInfo.InvariantCulture,
                $"{i},{batch}{i:x8},Nobody Known,{First[i % First.Length]},{Last[i % Last.Length]},\"{Company(batch, i)}\",{2025550000 + i % 1000},+1-202-555-0{i % 1000:000}x{i % 97},{word.ToLowerInvariant()}@{word.ToLowerInvariant()}.example,,https://{word.ToLowerInvariant()}.example/,{Sources[i % Sources.Length]},On Hold,\"Said \"\"call me\"\", {i}\"\r\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A made-up word, different for each number and batch, so that names are not duplicates of each other.</summary>
    private static string Word(string batch, int i)
    {
        const string consonants = "bdfgklmnprstvz", vowels = "aeiou";
        var seed = unchecked((uint)HashCode(batch + ":" + i.ToString(CultureInfo.InvariantCulture)));
        var word = new StringBuilder();
        for (var syllable = 0; syllable < 4; syllable++)
        {
            word.Append(consonants[(int)(seed % consonants.Length)]).Append(vowels[(int)(seed / 14 % vowels.Length)]);
            seed = (seed / 70) ^ (seed * 2654435761u);
        }
        return char.ToUpperInvariant(word[0]) + word.ToString(1, word.Length - 1) + i.ToString(CultureInfo.InvariantCulture);
    }

    private static int HashCode(string text)
    {
        var hash = 17;
        foreach (var c in text) hash = unchecked(hash * 31 + c);
        return hash;
    }
}

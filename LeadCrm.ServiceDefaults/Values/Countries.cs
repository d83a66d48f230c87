using System.Collections.Frozen;
using System.Text;

namespace LeadCrm.ServiceDefaults.Values;

/// <summary>A country as ISO 3166-1 lists it, with what a phone number needs to know about it.</summary>
public sealed record Country(string Code, string CallingCode, string TrunkPrefix, string Name);

/// <summary>Finds a country by its codes, its English name or a name people use for it.</summary>
public static class Countries
{
    private static readonly FrozenDictionary<string, Country> ByName = Load();

    /// <summary>All calling codes that E.164 numbers may begin with, the shared-cost and satellite ones included.</summary>
    public static readonly FrozenSet<string> CallingCodes = ByName.Values.Select(c => c.CallingCode)
        .Concat(["247", "383", "800", "808", "870", "878", "881", "882", "883", "888", "979"]).ToFrozenSet();

    /// <summary>The country, or null when nothing is known by that name.</summary>
    public static Country? Find(string text) => ByName.GetValueOrDefault(Key(text));

    /// <summary>Case, accents' punctuation and the article do not matter: "The Netherlands", "U.S.A.", "viet nam".</summary>
    private static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text.Replace("&", "and", StringComparison.Ordinal))
            if (char.IsLetter(c)) key.Append(char.ToLowerInvariant(c));
        var name = key.ToString();
        return name.Length > 6 && name.StartsWith("the", StringComparison.Ordinal) ? name[3..] : name;
    }

    private static FrozenDictionary<string, Country> Load()
    {
        var found = new Dictionary<string, Country>();
        using var reader = new StreamReader(typeof(Countries).Assembly.GetManifestResourceStream("LeadCrm.ServiceDefaults.Values.countries.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var part = line.Split(';');
            var country = new Country(part[0], part[2], part[3], part[4]);
            foreach (var name in (string[])[part[0], part[1], part[4], .. part[5].Split('|', StringSplitOptions.RemoveEmptyEntries)])
                found.TryAdd(Key(name), country);
        }
        return found.ToFrozenDictionary();
    }
}

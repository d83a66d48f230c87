using System.Collections.Frozen;

namespace LeadCrm.Accounts.Normalising;

/// <summary>Countries as people write them: ISO codes, English names, the common names in a few more languages.</summary>
internal static class Countries
{
    private static readonly List<Country> All = [.. Read()];
    private static readonly FrozenDictionary<string, Country> ByName = Index();

    /// <summary>ISO 3166-1 alpha-2 code of a code or name; null when nobody knows such a country.</summary>
    public static string? CodeOf(string text) => ByName.TryGetValue(Folding.Fold(text), out var country) ? country.Code : null;

    /// <summary>Calling code of an alpha-2 code, such as <c>49</c>.</summary>
    public static string? CallingCodeOf(string? code) =>
        code is not null && ByName.TryGetValue(Folding.Fold(code), out var country) && country.CallingCode.Length > 0 ? country.CallingCode : null;

    private static FrozenDictionary<string, Country> Index()
    {
        var index = new Dictionary<string, Country>(StringComparer.Ordinal);
        // Codes and English names first: a foreign name never takes them away from their country.
        foreach (var country in All)
        {
            index[Folding.Fold(country.Code)] = country;
            index[Folding.Fold(country.Code3)] = country;
            index[Folding.Fold(country.Name)] = country;
        }
        foreach (var country in All)
            foreach (var name in country.OtherNames) index.TryAdd(Folding.Fold(name), country);
        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<Country> Read()
    {
        using var reader = new StreamReader(typeof(Countries).Assembly.GetManifestResourceStream("LeadCrm.Accounts.countries.csv")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(';');
            yield return new Country(parts[0], parts[1], parts[2], parts[3], parts[4].Split('|', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private sealed record Country(string Code, string Code3, string Name, string CallingCode, string[] OtherNames);
}

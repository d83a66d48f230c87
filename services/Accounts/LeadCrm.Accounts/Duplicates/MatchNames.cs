using LeadCrm.Accounts.Normalising;

namespace LeadCrm.Accounts.Duplicates;

/// <summary>Names as duplicates are looked for by: folded, a company's without its legal form.</summary>
internal static class MatchNames
{
    private static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "plc", "corp", "corporation", "co", "company", "pty", "pte", "pvt", "private",
        "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "ev", "eg", "se", "gbr", "sa", "sas", "sarl", "eurl", "sasu", "srl", "spa", "sl", "slu",
        "bv", "nv", "vof", "ab", "as", "asa", "oy", "oyj", "aps", "kft", "zrt", "doo", "dd", "sro", "oo", "ltda", "cv", "kk", "bhd", "sdn",
    };

    /// <summary>Company name to compare; null when there is no name.</summary>
    public static string? Company(string? name)
    {
        var folded = Folding.Fold(name);
        if (folded.Length == 0) return null;
        var words = folded.Split(' ').ToList();
        if (words.Count > 1 && words[0] == "the") words.RemoveAt(0);
        // "GmbH & Co. KG" are three: forms go from the end, and a name never vanishes altogether.
        while (words.Count > 1 && (LegalForms.Contains(words[^1]) || words[^1] is "und" or "and" or "et" or "z" or "sp")) words.RemoveAt(words.Count - 1);
        return string.Join(' ', words);
    }

    /// <summary>Person's name to compare.</summary>
    public static string? Person(string? firstName, string? lastName)
    {
        var folded = Folding.Fold($"{firstName} {lastName}");
        return folded.Length == 0 ? null : folded;
    }
}

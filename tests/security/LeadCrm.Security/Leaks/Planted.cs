using LeadCrm.Security.People;

namespace LeadCrm.Security.Leaks;

/// <summary>What is looked for: everything that a set of records holds and nothing else does, known before the records are there.</summary>
/// <param name="Word">The word that is in each of them.</param>
/// <param name="Ids">Kind of record → id: of those that were planted, or of none.</param>
internal sealed record Planted(string Word, IReadOnlyDictionary<string, string> Ids)
{
    private static readonly string[] Kinds = ["lead", "account", "contact", "opportunity", "campaign", "activity", "note", "file", "import"];

    public string Lower => Word.ToLowerInvariant();

    public string Email => $"{Lower}@{Lower}.example";

    public string Website => $"https://{Lower}.example";

    public string Key => "key-" + Lower;

    public string Digits => Words.Digits(Word);

    /// <summary>With two letters the wrong way round.</summary>
    public string Typo => string.Concat(Word.AsSpan(0, 4), Word.AsSpan(5, 1), Word.AsSpan(4, 1), Word.AsSpan(6));

    public string Beginning => Word[..7];

    /// <summary>A word that no record holds.</summary>
    public static Planted Nowhere() => new(Words.New(), Kinds.ToDictionary(kind => kind, _ => Guid.CreateVersion7().ToString(), StringComparer.Ordinal));

    public static Planted Of(Records records) => new(records.Word, records.Ids.ToDictionary(r => r.Kind, r => r.Id, StringComparer.Ordinal));

    /// <summary>Whether a text holds anything of it that was not sent.</summary>
    public string? FoundIn(string text, string sent)
    {
        foreach (var (kind, id) in Ids)
            if (text.Contains(id, StringComparison.OrdinalIgnoreCase) && !sent.Contains(id, StringComparison.OrdinalIgnoreCase)) return $"the id of the {kind}";
        // What was sent comes back in problem details: only more of it than that is news.
        return text.Contains(Word, StringComparison.OrdinalIgnoreCase) && !sent.Contains(Word[..6], StringComparison.OrdinalIgnoreCase) ? "the word" : null;
    }
}

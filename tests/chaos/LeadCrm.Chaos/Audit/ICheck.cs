namespace LeadCrm.Chaos.Audit;

/// <summary>One thing that must hold when everything has settled.</summary>
internal interface ICheck
{
    /// <summary>What holds, as a sentence.</summary>
    string Claim { get; }

    /// <summary>Every row that breaks it. Notes on the writes how often each was found, where this check is the one that looks for them.</summary>
    Task<IReadOnlyList<string>> Broken(Evidence evidence);
}

/// <summary>What a check may look at.</summary>
/// <param name="System">All databases, and the broker.</param>
/// <param name="Journal">What the clients wanted and were told.</param>
/// <param name="Campaign">The campaign that they put leads into.</param>
internal sealed record Evidence(DisturbedSystem System, Journal Journal, Guid Campaign)
{
    /// <summary>Which lead became which contact.</summary>
    public async Task<Dictionary<Guid, Guid>> Contacts() => (await System.Read(
        "leads-db", "select id, converted_contact_id from leads where converted_contact_id is not null", row => (Lead: row.GetGuid(0), Contact: row.GetGuid(1)))).ToDictionary(pair => pair.Lead, pair => pair.Contact);

    /// <summary>Writes that were not found exactly as often as the client was told.</summary>
    public static IEnumerable<string> Wrong(IEnumerable<Write> writes) => writes.Where(w => w.IsLost || w.IsDuplicated || w.IsThereAlthoughRefused)
        .Select(w => w.IsLost ? $"lost: {w}" : w.IsDuplicated ? $"{w.Found} times: {w}" : $"there although it was refused ({w.Reason}): {w}");
}

namespace LeadCrm.Chaos.Audit;

/// <summary>Every lead that somebody created, sent through the form or imported is there once, and no other lead is.</summary>
internal sealed class LeadsAreThereOnce : ICheck
{
    public string Claim => "every created, captured and imported lead is there once, and none that nobody asked for";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var leads = (await evidence.System.Read("leads-db", "select id, coalesce(email, '') from leads", row => (Id: row.GetGuid(0), Email: row.GetString(1)))).ToLookup(lead => lead.Email, lead => lead.Id);
        var writes = evidence.Journal.All(WriteKind.LeadCreated, WriteKind.FormSent, WriteKind.RowImported);
        foreach (var write in writes) write.Found = leads[write.Mark].Count();

        var asked = writes.Select(write => write.Mark).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Evidence.Wrong(writes),
            .. writes.Where(w => w is { Kind: WriteKind.LeadCreated, Id: not null, Found: 1 } && leads[w.Mark].Single() != w.Id).Select(w => $"another id: {w}, is {leads[w.Mark].Single()}"),
            .. leads.Where(lead => !asked.Contains(lead.Key)).Select(lead => $"nobody asked for lead {lead.First()} ({lead.Key})"),
        ];
    }
}

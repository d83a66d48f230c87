namespace LeadCrm.Chaos.Audit;

/// <summary>Nothing that was accepted still waits: neither a conversion, nor a form that was sent, nor an import.</summary>
internal sealed class AcceptedWorkHasEnded : ICheck
{
    public string Claim => "every accepted conversion, form and import has ended";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var waiting = new Dictionary<Guid, string>();
        foreach (var (database, sql) in (IEnumerable<(string, string)>)
        [
            ("leads-db", "select id, 'conversion in state ' || state from conversions where finished_at is null"),
            ("leads-db", "select id, 'import in state ' || state from imports where state in ('Queued', 'Running')"),
            ("capture-db", "select id, 'form submission in state ' || status from submissions where status in ('Waiting', 'HandedOn')"),
        ])
        {
            foreach (var (id, what) in await evidence.System.Read(database, sql, row => (row.GetGuid(0), row.GetString(1)))) waiting[id] = what;
        }

        foreach (var write in evidence.Journal.All().Where(w => w.Id is { } id && waiting.ContainsKey(id))) write.IsStuck = true;
        return [.. waiting.Select(w => $"{w.Value}: {w.Key}")];
    }
}

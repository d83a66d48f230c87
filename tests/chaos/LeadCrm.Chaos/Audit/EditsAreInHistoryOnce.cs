namespace LeadCrm.Chaos.Audit;

/// <summary>Every acknowledged edit is in the field history once, and a lead has the value of its last one.</summary>
internal sealed class EditsAreInHistoryOnce : ICheck
{
    public string Claim => "every acknowledged edit is in the lead's history once, and its last one is the lead's value";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var changes = (await evidence.System.Read("leads-db", """
            select record_id, changes->'title'->>'new' from platform.field_history where record_type = 'lead' and kind = 'updated' and changes ? 'title' order by record_id, version
            """, row => (Lead: row.GetGuid(0), Title: row.GetString(1)))).ToLookup(change => change.Lead, change => change.Title);
        var titles = (await evidence.System.Read("leads-db", "select id, coalesce(title, '') from leads", row => (Id: row.GetGuid(0), Title: row.GetString(1)))).ToDictionary(lead => lead.Id, lead => lead.Title);

        var edits = evidence.Journal.All(WriteKind.LeadEdited);
        foreach (var edit in edits) edit.Found = changes[edit.About].Count(title => title == edit.Mark);
        var asked = edits.Select(edit => edit.Mark).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Evidence.Wrong(edits),
            .. changes.Where(lead => titles.GetValueOrDefault(lead.Key) != lead.Last()).Select(lead => $"lead {lead.Key} says '{titles.GetValueOrDefault(lead.Key)}', its history ends with '{lead.Last()}'"),
            .. changes.SelectMany(lead => lead.Where(title => !asked.Contains(title)).Select(title => $"nobody asked lead {lead.Key} to say '{title}'")),
        ];
    }
}

namespace LeadCrm.Chaos.Audit;

/// <summary>Every receipt that a visitor got is a submission that became a lead of its own, and both services say so.</summary>
internal sealed class FormsBecameLeads : ICheck
{
    public string Claim => "every receipt of the form is a submission that became one lead, in the order of the form's line";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var submissions = (await evidence.System.Read("capture-db", "select id, status, lead_id from submissions order by position", row =>
            (Id: row.GetGuid(0), Status: row.GetString(1), Lead: row.IsDBNull(2) ? (Guid?)null : row.GetGuid(2)))).ToDictionary(s => s.Id);
        var taken = (await evidence.System.Read("leads-db", "select c.submission_id, c.lead_id, c.xmin::text::bigint from captured_leads c join leads l on l.id = c.lead_id", row =>
            (Submission: row.GetGuid(0), Lead: row.GetGuid(1), Transaction: row.GetInt64(2)))).ToDictionary(c => c.Submission);

        List<string> broken = [];
        foreach (var sent in evidence.Journal.All(WriteKind.FormSent).Where(w => w is { Told: Told.Done, IsStuck: false }))
        {
            if (!submissions.TryGetValue(sent.Id!.Value, out var submission)) broken.Add($"no such submission: {sent}");
            else if (submission.Status != "Captured") broken.Add($"{submission.Status}: {sent}");
            else if (!taken.TryGetValue(submission.Id, out var lead) || lead.Lead != submission.Lead) broken.Add($"Capture says it is lead {submission.Lead}, Leads does not: {sent}");
        }
        broken.AddRange(taken.Where(c => !submissions.ContainsKey(c.Key)).Select(c => $"lead {c.Value.Lead} comes from submission {c.Key}, which Capture does not have"));

        // Leads in the order of the line: one is taken in when the one before is there, by a later transaction whatever the clocks say.
        var inOrder = submissions.Values.Where(s => taken.ContainsKey(s.Id)).Select(s => taken[s.Id]).ToList();
        for (var i = 1; i < inOrder.Count; i++)
            if (inOrder[i - 1].Transaction > inOrder[i].Transaction) broken.Add($"lead {inOrder[i].Lead} was made before {inOrder[i - 1].Lead}, which was sent before it");
        return broken;
    }
}

namespace LeadCrm.Chaos.Audit;

/// <summary>Every conversion is complete in all services, or undone in all of them, and a lead was converted once.</summary>
internal sealed class ConversionsAreWhole : ICheck
{
    public string Claim => "every accepted conversion is complete in all services or undone in all of them, once a lead";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var system = evidence.System;
        var conversions = (await system.Read("leads-db", "select id, lead_id, state from conversions", row => (Id: row.GetGuid(0), Lead: row.GetGuid(1), State: row.GetString(2)))).ToLookup(c => c.Lead);
        var leads = (await system.Read("leads-db", "select id, conversion, conversion_id, converted_account_id, converted_contact_id, converted_opportunity_id from leads", row =>
            new Lead(row.GetGuid(0), row.GetString(1), Maybe(row, 2), Maybe(row, 3), Maybe(row, 4), Maybe(row, 5)))).ToDictionary(lead => lead.Id);
        var accounts = (await system.Read("accounts-db", "select id from accounts where pending_conversion_id is null and deleted_at is null", row => row.GetGuid(0))).ToHashSet();
        var contacts = (await system.Read("accounts-db", "select id, account_id from contacts where pending_conversion_id is null and deleted_at is null", row => (Id: row.GetGuid(0), Account: row.GetGuid(1)))).ToDictionary(c => c.Id, c => c.Account);
        var opportunities = (await system.Read("opportunities-db", "select id, account_id from opportunities where pending_conversion_id is null and deleted_at is null", row => (Id: row.GetGuid(0), Account: row.GetGuid(1)))).ToDictionary(o => o.Id, o => o.Account);

        var writes = evidence.Journal.All(WriteKind.LeadConverted);
        List<string> broken = [];
        foreach (var write in writes)
        {
            var rows = conversions[write.About].ToList();
            write.Found = rows.Count;
            if (write.Id is { } id && rows.TrueForAll(row => row.Id != id)) (write.Found, write.IsStuck) = (0, false);
            if (rows is not [var (_, _, state)] || write.IsStuck) continue;
            write.IsCompensated = state == "Failed";
            if (leads.GetValueOrDefault(write.About) is not { } lead) broken.Add($"its lead is gone: {write}");
            else if (state == "Failed" && lead is not { Conversion: "None", Account: null, Contact: null, Opportunity: null }) broken.Add($"undone, and its lead says {lead}: {write}");
            else if (state == "Completed" && !IsComplete(lead, rows[0].Id, wantsOpportunity: write.Mark.StartsWith("with ", StringComparison.Ordinal))) broken.Add($"complete, and its lead says {lead}, not all of which is there: {write}");
        }

        var asked = writes.Select(write => write.About).ToHashSet();
        return [.. Evidence.Wrong(writes), .. broken, .. conversions.Where(c => !asked.Contains(c.Key)).Select(c => $"nobody asked for the conversion of lead {c.Key}")];

        bool IsComplete(Lead lead, Guid conversion, bool wantsOpportunity) =>
            lead is { Conversion: "Converted", Account: { } account, Contact: { } contact } && lead.ConversionId == conversion && accounts.Contains(account)
            && contacts.TryGetValue(contact, out var of) && of == account
            && (wantsOpportunity ? lead.Opportunity is { } opportunity && opportunities.TryGetValue(opportunity, out var with) && with == account : lead.Opportunity is null);
    }

    private static Guid? Maybe(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private sealed record Lead(Guid Id, string Conversion, Guid? ConversionId, Guid? Account, Guid? Contact, Guid? Opportunity);
}

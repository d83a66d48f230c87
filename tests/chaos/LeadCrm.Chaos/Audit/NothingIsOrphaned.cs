namespace LeadCrm.Chaos.Audit;

/// <summary>No account, contact or opportunity that no converted lead became (nobody made any otherwise), nothing provisional, no lock left, and each lead marked in its lists as what it is.</summary>
internal sealed class NothingIsOrphaned : ICheck
{
    public string Claim => "no record without the lead that became it, nothing provisional, no lead locked or marked wrongly";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        List<string> broken = [];
        foreach (var (kind, database, table, column) in (IEnumerable<(string, string, string, string)>)
        [
            ("account", "accounts-db", "accounts", "converted_account_id"), ("contact", "accounts-db", "contacts", "converted_contact_id"), ("opportunity", "opportunities-db", "opportunities", "converted_opportunity_id"),
        ])
        {
            var became = (await evidence.System.Read("leads-db", $"select {column} from leads where {column} is not null", row => row.GetGuid(0))).ToHashSet();
            foreach (var (id, isProvisional) in await evidence.System.Read(database, $"select id, pending_conversion_id is not null from {table} where deleted_at is null", row => (row.GetGuid(0), row.GetBoolean(1))))
            {
                if (isProvisional) broken.Add($"{kind} {id} is still provisional");
                else if (!became.Contains(id)) broken.Add($"{kind} {id} belongs to no converted lead");
            }
        }
        broken.AddRange((await evidence.System.Read("leads-db", "select id from leads where conversion = 'Converting'", row => row.GetGuid(0))).Select(lead => $"lead {lead} is still locked"));
        broken.AddRange((await evidence.System.Read("leads-db", "select lead_id, converted from lead_signals s join leads l on l.id = s.lead_id where s.converted <> (l.converted_at is not null)", row => (Lead: row.GetGuid(0), IsConverted: row.GetBoolean(1))))
            .Select(lead => $"lists take lead {lead.Lead} for {(lead.IsConverted ? "converted" : "one that is not converted")}"));
        return broken;
    }
}

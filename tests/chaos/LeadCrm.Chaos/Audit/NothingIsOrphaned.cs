namespace LeadCrm.Chaos.Audit;

/// <summary>No account, contact or opportunity that no converted lead became (nobody made any otherwise), nothing provisional, no lock left.</summary>
internal sealed class NothingIsOrphaned : ICheck
{
    public string Claim => "no record without the lead that became it, nothing provisional, no lead locked";

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
        return broken;
    }
}

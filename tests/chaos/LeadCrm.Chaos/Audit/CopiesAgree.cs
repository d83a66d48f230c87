namespace LeadCrm.Chaos.Audit;

/// <summary>What Activities and Campaigns keep of leads is what Leads has: every event came, and the newest one won.</summary>
internal sealed class CopiesAgree : ICheck
{
    public string Claim => "Activities and Campaigns know every lead, with its owner and name";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        var leads = await evidence.System.Read("leads-db", "select id, owner_id, trim(coalesce(first_name, '') || ' ' || last_name) from leads", row => (Id: row.GetGuid(0), Owner: row.IsDBNull(1) ? (Guid?)null : row.GetGuid(1), Name: row.GetString(2)));
        List<string> broken = [];
        foreach (var database in (string[])["activities-db", "campaigns-db"])
        {
            var copies = (await evidence.System.Read(database, "select record_id, owner_id, name, is_deleted from platform.record_access where record_type = 'lead'", row =>
                (Id: row.GetGuid(0), Owner: row.IsDBNull(1) ? (Guid?)null : row.GetGuid(1), Name: row.GetString(2), IsDeleted: row.GetBoolean(3)))).ToDictionary(copy => copy.Id);
            foreach (var lead in leads)
            {
                if (!copies.TryGetValue(lead.Id, out var copy)) broken.Add($"{database} does not know lead {lead.Id}");
                else if (copy.Owner != lead.Owner || copy.Name != lead.Name || copy.IsDeleted) broken.Add($"{database} says {copy} of lead {lead}");
            }
        }
        return broken;
    }
}

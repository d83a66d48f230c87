namespace LeadCrm.Chaos.Audit;

/// <summary>Every record was created once, and no two changes of a record claim the same version: no message and no request took effect twice.</summary>
internal sealed class HistoryIsWhole : ICheck
{
    private static readonly (string Database, string Type, string Table)[] Records =
    [
        ("leads-db", "lead", "leads"), ("accounts-db", "account", "accounts"), ("accounts-db", "contact", "contacts"), ("opportunities-db", "opportunity", "opportunities"),
        ("activities-db", "activity", "items"), ("campaigns-db", "campaignMember", "campaign_members"),
    ];

    public string Claim => "every record was created once in its history, and each of its versions is told once";

    public async Task<IReadOnlyList<string>> Broken(Evidence evidence)
    {
        List<string> broken = [];
        foreach (var (database, type, table) in Records)
        {
            broken.AddRange(await evidence.System.Read(database, $"""
                select r.id, count(h.id) from {table} r left join platform.field_history h on h.record_id = r.id and h.record_type = $1 and h.kind = 'created' group by r.id having count(h.id) <> 1
                """, row => $"{type} {row.GetGuid(0)} was created {row.GetInt64(1)} times", type));
            broken.AddRange(await evidence.System.Read(database, """
                select record_id, version, count(*) from platform.field_history where record_type = $1 and version > 0 group by record_id, version having count(*) > 1
                """, row => $"{type} {row.GetGuid(0)} has version {row.GetInt64(1)} {row.GetInt64(2)} times in its history", type));
            broken.AddRange(await evidence.System.Read(database, $"""
                select r.id, r.version, max(h.version) from {table} r join platform.field_history h on h.record_id = r.id and h.record_type = $1 group by r.id, r.version having max(h.version) > r.version
                """, row => $"{type} {row.GetGuid(0)} has version {row.GetInt64(1)}, its history goes up to {row.GetInt64(2)}", type));
        }
        return broken;
    }
}

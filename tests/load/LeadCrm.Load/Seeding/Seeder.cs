using System.Diagnostics;
using Npgsql;

namespace LeadCrm.Load.Seeding;

/// <summary>
/// Fills a fresh system with an organisation's records, straight into the services' databases by COPY, read models included: what the
/// services would hold had every record come in through them, except that nothing is announced.
/// </summary>
internal static class Seeder
{
    public static async Task Run(MeasuredSystem system, Size size)
    {
        var began = Stopwatch.StartNew();
        var existing = await Scalar(system.Database("leads-db"), "select count(*) from (select from leads limit 1000) as counted");
        if (existing >= 1000) throw new InvalidOperationException("The system has a thousand leads or more already: seed a fresh one (./run.sh --no-sample-data --data DIR, or --reset).");

        var organisation = new Organisation
        {
            Database = system.Database, Owners = await Organisation.ReadOwners(system.Database("leads-db")),
            Now = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero),
        };
        organisation.Invent(size);
        Console.WriteLine($"{size.Name}: {size.Leads:N0} leads, {size.Accounts:N0} accounts, {size.Contacts:N0} contacts, {size.Opportunities:N0} opportunities, {size.Campaigns:N0} campaigns with {size.Members:N0} members, {size.Activities:N0} activities");

        await Step("accounts and contacts", () => AccountRows.Write(organisation));
        await Step("opportunities", () => OpportunityRows.Write(organisation));
        await Step("leads", () => LeadRows.Write(organisation));
        await Step("campaigns and members", () => CampaignRows.Write(organisation, size.Members));
        await Step("activities", () => ActivityRows.Write(organisation, size.Activities));
        await Step("statistics", async () =>
        {
            foreach (var database in MeasuredSystem.Databases) await Scalar(system.Database(database), "vacuum analyze");
        });
        Console.WriteLine($"all in {began.Elapsed.TotalSeconds:0} s");
    }

    private static async Task Step(string what, Func<Task> write)
    {
        var clock = Stopwatch.StartNew();
        await write();
        Console.WriteLine($"  {what}: {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private static async Task<long> Scalar(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return await command.ExecuteScalarAsync() is long count ? count : 0;
    }

    /// <summary>What services know about who owns a record of another service.</summary>
    public static async Task Access(string database, string type, IEnumerable<Organisation.Person> records, DateTimeOffset now)
    {
        await using var access = await CopyTable.Open(database, "platform.record_access (record_type, record_id, owner_id, queue_id, name, version, is_deleted, seen_at)", ifNew: true);
        foreach (var record in records) access.Row(type, record.Id, record.Owner, null, record.FullName, 1L, false, now);
        await access.Complete();
    }
}

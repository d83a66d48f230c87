using System.Text.Json.Nodes;
using Npgsql;
using Shouldly;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>Looks behind the API, into the databases, whether they agree.</summary>
internal static class Consistency
{
    public static async Task Check(RunningSystem system, string batch, List<JsonNode> completed, List<JsonNode> failed, CancellationToken ct)
    {
        var accounts = await Ids(system, "accounts-db", $"select id from accounts where exists (select from contacts c where c.account_id = accounts.id and c.email like '%-{batch}.example')", ct);
        var contacts = await Ids(system, "accounts-db", $"select id from contacts where email like '%-{batch}.example'", ct);
        var expectedAccounts = completed.Select(c => Id(c, "account")).ToHashSet();
        var expectedContacts = completed.Select(c => Id(c, "contact")).ToHashSet();
        var expectedOpportunities = completed.Where(c => c["opportunity"] is not null).Select(c => Id(c, "opportunity")).ToHashSet();

        // One of each per completed conversion, and none besides: nothing lost, doubled or orphaned.
        accounts.ShouldBe(expectedAccounts, ignoreOrder: true, "accounts");
        contacts.ShouldBe(expectedContacts, ignoreOrder: true, "contacts");
        var opportunities = await Ids(system, "opportunities-db", $"select id from opportunities where account_id = any(array[{List(accounts)}]::uuid[])", ct);
        opportunities.ShouldBe(expectedOpportunities, ignoreOrder: true, "opportunities");
        completed.Count.ShouldBe(expectedAccounts.Count, "two conversions share an account");

        foreach (var (database, table) in new[] { ("accounts-db", "accounts"), ("accounts-db", "contacts"), ("opportunities-db", "opportunities") })
            (await system.Scalar<long>(database, $"select count(*) from {table} where pending_conversion_id is not null", ct)).ShouldBe(0, $"provisional {table} are left");

        (await system.Scalar<long>("leads-db", "select count(*) from leads where conversion = 'Converting'", ct)).ShouldBe(0, "locked leads are left");
        var converted = await Ids(system, "leads-db", $"select id from leads where conversion = 'Converted' and email like '%-{batch}.example'", ct);
        converted.ShouldBe(completed.Select(c => c["leadId"]!.GetValue<Guid>()).ToHashSet(), ignoreOrder: true, "converted leads");
        foreach (var conversion in completed)
        {
            var found = await system.Scalar<long>("leads-db", $"""
                select count(*) from leads where id = '{conversion["leadId"]}' and converted_account_id = '{Id(conversion, "account")}'
                  and converted_contact_id = '{Id(conversion, "contact")}' and converted_at is not null
                """, ct);
            found.ShouldBe(1, $"lead {conversion["leadId"]} does not point at what it became");
        }
        foreach (var conversion in failed)
            (await system.Scalar<long>("leads-db", $"select count(*) from leads where id = '{conversion["leadId"]}' and conversion <> 'Converted' and conversion_failure is not null", ct))
                .ShouldBe(1, "an undone conversion leaves its lead open, with the reason");

        foreach (var database in new[] { "leads-db", "accounts-db", "opportunities-db", "activities-db", "campaigns-db" })
            (await system.Scalar<long>(database, "select count(*) from platform.parked_messages", ct)).ShouldBe(0, $"messages are parked in {database}");
    }

    private static Guid Id(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();

    private static string List(IEnumerable<Guid> ids) => string.Join(',', ids.Select(id => $"'{id}'"));

    private static async Task<HashSet<Guid>> Ids(RunningSystem system, string database, string sql, CancellationToken ct)
    {
        await using var connection = await system.Database(database, ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}

using LeadCrm.Chaos;
using LeadCrm.Chaos.Audit;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>A system whose services can be told to die at named points.</summary>
public sealed class MortalSystem : RunningSystem
{
    public string Orders => Path.Combine(DataFolder, "crash-points");

    protected override IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["CRASH_POINTS"] = Orders,
        ["DOTNET_STARTUP_HOOKS"] = Path.Combine(Root(), "tests", "chaos", "LeadCrm.CrashPoints", "bin", Configuration, "net10.0", "LeadCrm.CrashPoints.dll"),
    };
}

/// <summary>A fresh system: the auditor goes by it that nobody else writes there. Nothing else runs beside it.</summary>
[CollectionDefinition(nameof(SystemForChaos), DisableParallelization = true)]
public sealed class SystemForChaos : ICollectionFixture<MortalSystem>;

/// <summary>The short version of <c>tests/chaos/run</c>, which kills, freezes and restarts every process at random for minutes, or lets them die at points a hundred times, with two copies of each service.</summary>
[Collection(nameof(SystemForChaos))]
public sealed class ChaosTests(MortalSystem system, ITestOutputHelper output)
{
    private const int CrashesAtEachPoint = 2;

    /// <summary>One damage for each thing that the auditor looks at.</summary>
    private static readonly (string Database, string Damage)[] Damages =
    [
        ("leads-db", "update conversions set finished_at = null where id = (select id from conversions limit 1)"),
        ("leads-db", "update leads set email = 'nobody@asked.example' where id = (select id from leads where conversion = 'None' and title is not null limit 1)"),
        ("leads-db", "delete from captured_leads where submission_id = (select submission_id from captured_leads limit 1)"),
        ("leads-db", "update leads set title = 'Somebody else' where id = (select id from leads where title is not null order by id desc limit 1)"),
        ("leads-db", "insert into platform.field_history select gen_random_uuid(), record_type, record_id, version, kind, at, actor_id, operation_id, changes from platform.field_history where kind = 'created' and record_type = 'lead' limit 1"),
        ("accounts-db", "update contacts set pending_conversion_id = gen_random_uuid()"),
        ("activities-db", "delete from item_links where item_id = (select id from items where kind = 'Call' limit 1)"),
        ("campaigns-db", "delete from campaign_members where id = (select id from campaign_members where person_type = 'contact' limit 1)"),
        ("campaigns-db", "update platform.record_access set name = 'Somebody else' where record_id = (select record_id from platform.record_access where record_type = 'lead' limit 1)"),
        ("accounts-db", "alter table platform.inbox drop constraint inbox_pkey; insert into platform.inbox select * from platform.inbox limit 1"),
        ("campaigns-db", "insert into platform.parked_messages (id, queue, message_types, content_type, body, tries, reason) values (gen_random_uuid(), 'a queue', 'a message', 'application/json', '', 5, 'damaged on purpose')"),
    ];

    [Fact]
    public async Task C31_C32_WL13_kills_and_deaths_at_named_points_under_load_lose_double_and_strand_nothing_and_the_auditor_names_whatever_somebody_damages()
    {
        var ct = TestContext.Current.CancellationToken;
        using var log = new StringWriter();
        var run = new ChaosRun(new DisturbedSystem(system.DataFolder), log);
        try
        {
            var outcome = await run.KillsAndCrashPoints(["leads", "accounts", "rabbitmq"], CrashesAtEachPoint, system.Orders, ct);
            outcome.IsClean.ShouldBeTrue(outcome.Page);

            foreach (var (database, damage) in Damages)
            {
                await using var connection = await system.Database(database, ct);
                await using var command = new NpgsqlCommand(damage, connection);
                (await command.ExecuteNonQueryAsync(ct)).ShouldBeGreaterThan(0, damage);
            }
            (await run.Audit()).Where(finding => finding.Broken.Count == 0).Select(finding => finding.Claim).ShouldBeEmpty("the auditor did not notice that this was damaged");
        }
        finally
        {
            output.WriteLine(log.ToString());
        }
    }
}

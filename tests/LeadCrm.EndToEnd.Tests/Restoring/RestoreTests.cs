using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Restoring;

/// <summary>What was backed up under writes is there again, and the services agree although the broker has forgotten everything.</summary>
[Collection(nameof(SystemThatWasLost))]
public sealed class RestoreTests(LostSystem lost, ITestOutputHelper output)
{
    private const string Leads = "select array_agg(id) from leads where email like '%-restore.example'";

    [Fact]
    public async Task A_restore_to_a_point_in_time_brings_exactly_what_was_acknowledged_before_it()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = lost.DataFolder + "-then";
        await using var system = new RestoredSystem(folder, "--restore", lost.Backup, "--until", lost.Mark.ToString("O", CultureInfo.InvariantCulture));
        try
        {
            await system.InitializeAsync();

            (await system.Scalar<Guid[]>("leads-db", Leads, ct)).ShouldBe(lost.BeforeMark, ignoreOrder: true);
            var found = await system.Reconciled();
            found["after"]!.AsArray().ShouldBeEmpty(found.ToString());
            await EverybodyKnowsEveryLead(system, ct);
        }
        catch (Exception) { output.WriteLine(system.Tail()); throw; }
    }

    [Fact]
    public async Task A_restore_in_place_loses_nothing_that_was_acknowledged_and_conversions_that_were_under_way_are_completed()
    {
        var ct = TestContext.Current.CancellationToken;
        output.WriteLine(lost.Said);
        await using var system = new RestoredSystem(lost.DataFolder, "--restore", lost.Backup, "--force");
        try
        {
            await system.InitializeAsync();

            (await system.Scalar<Guid[]>("leads-db", Leads, ct)).ShouldBe(lost.All, ignoreOrder: true);
            using var rep = await system.SignIn(ct: ct);
            foreach (var conversion in lost.Conversions)
            {
                JsonNode now = new JsonObject();
                await RunningSystem.Eventually("the conversion is over", async () => (now = await rep.Get($"/api/leads/conversions/{conversion}", ct))["isOver"]!.GetValue<bool>(), TimeSpan.FromMinutes(1));
                now["state"]!.GetValue<string>().ShouldBe("completed", now.ToString());
            }

            var found = await system.Reconciled();
            output.WriteLine(found.ToString());
            found["tookEffect"]!.AsObject().Sum(effect => effect.Value!.GetValue<int>()).ShouldBeGreaterThan(0, "the broker alone had known of them");
            found["after"]!.AsArray().ShouldBeEmpty();
            await EverybodyKnowsEveryLead(system, ct);
            var (code, said) = await system.Command(["--check"], ct);
            code.ShouldBe(0, said);
            await RunningSystem.Eventually("it goes on being backed up, with a new base", () => Task.FromResult(
                Directory.GetFiles(Path.Combine(lost.Backup, "bases"), "manifest.json", SearchOption.AllDirectories).Length == 2), TimeSpan.FromMinutes(2));
        }
        catch (Exception) { output.WriteLine(system.Tail(100)); throw; }
    }

    /// <summary>Whose they are and what they are called, as the owner has it.</summary>
    private static async Task EverybodyKnowsEveryLead(RunningSystem system, CancellationToken ct)
    {
        var owned = await system.Scalar<string[]>("leads-db", "select array_agg(concat_ws(' ', id, owner_id, queue_id, first_name, last_name) order by id) from leads", ct);
        foreach (var database in new[] { "activities-db", "campaigns-db" })
            (await system.Scalar<string[]>(database, "select array_agg(concat_ws(' ', record_id, owner_id, queue_id, name) order by record_id) from platform.record_access where record_type = 'lead'", ct)).ShouldBe(owned, database);
        foreach (var database in new[] { "leads-db", "accounts-db", "opportunities-db", "activities-db", "campaigns-db" })
            (await system.Scalar<long>(database, "select count(*) from platform.parked_messages", ct)).ShouldBe(0, $"messages are parked in {database}");
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using LeadCrm.EndToEnd.Tests.Faults;
using LeadCrm.EndToEnd.Tests.Scenarios;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Replicas;

/// <summary>
/// The whole system in two copies: what people do comes over either gateway and reaches either copy of a service. One copy of each is
/// killed with -9 while they work; nothing that was acknowledged is lost or there twice.
/// </summary>
[Collection(nameof(SystemInTwoCopies))]
public sealed class ReplicaTests(ReplicatedSystem system, ITestOutputHelper output)
{
    private const int ImportedRows = 3_000;

    [Fact]
    public async Task C31_C32_IM10_one_replica_of_each_killed_under_load_loses_nothing_that_was_acknowledged()
    {
        var ct = TestContext.Current.CancellationToken;
        output.WriteLine($"healthy after {system.StartTime.TotalSeconds:0} s; {system.Memory(Service)} MB in services, {system.Memory(name => !Service(name))} MB in PostgreSQL's and RabbitMQ's main processes");
        using var rep = await system.SignInWithoutKeepAlive(ct: ct);
        using var admin = await system.SignInWithoutKeepAlive("admin@leadcrm.local", ct);

        var upload = await Upload(admin, Samples.Csv("replica", ImportedRows), ct);
        var import = upload["id"]!.GetValue<Guid>();
        await using var load = new Load(rep, "replica");
        load.Start(ct);
        await RunningSystem.Eventually("conversions are under way", () => Task.FromResult(load.Conversions.Count >= 10), TimeSpan.FromSeconds(90));
        await Start(admin, import, ct);

        foreach (var (service, number) in ReplicatedSystem.Services.Select((service, i) => (service, 1 + i % 2)))
        {
            var before = load.Created.Count;
            await system.Kill($"{service}-{number}");
            await RunningSystem.Eventually("work goes on", () => Task.FromResult(load.Created.Count > before), TimeSpan.FromSeconds(90));
        }
        await load.Stop();
        output.WriteLine($"{load.Created.Count} leads created, {load.Conversions.Count} conversions accepted, {load.Followed.Count} of them followed; {load.Unanswered} requests and {load.BrokenStreams} streams had to be repeated");
        output.WriteLine($"afterwards {system.Memory(Service)} MB in services");

        foreach (var service in ReplicatedSystem.Services)
            new[] { system.Restarts($"{service}-1"), system.Restarts($"{service}-2") }.ShouldBe([0, 1], ignoreOrder: true, $"one copy of {service} was killed and came back, the other one was not touched");

        await CheckCreated(load, ct);
        await CheckConversions(rep, load, ct);
        load.Followed.ShouldNotBeEmpty();
        load.Followed.Values.ShouldAllBe(state => state == "completed" || state == "failed");
        await CheckImport(admin, import, ct);
    }

    [Fact]
    public async Task Signing_in_and_out_holds_at_both_gateways()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignInWithoutKeepAlive(ct: ct);
        using var copied = rep.WithTheSameCookie();
        for (var i = 0; i < 10; i++) (await copied.Get("/api/session", ct))["userId"].ShouldNotBeNull();

        (await rep.Send(HttpMethod.Delete, "/api/session", ct: ct)).Status.ShouldBe(HttpStatusCode.NoContent);

        // The gateway that did not do it looks again within seconds.
        await RunningSystem.Eventually("both refuse the session", async () =>
        {
            for (var i = 0; i < 10; i++)
                if ((await copied.Send(HttpMethod.Get, "/api/session", ct: ct)).Status != HttpStatusCode.Unauthorized) return false;
            return true;
        }, TimeSpan.FromSeconds(15));
    }

    private static bool Service(string process) => ReplicatedSystem.Services.Any(service => process.StartsWith(service + "-", StringComparison.Ordinal));

    private async Task CheckCreated(Load load, CancellationToken ct)
    {
        var acknowledged = load.Created.Values.ToHashSet();
        acknowledged.Count.ShouldBe(load.Created.Count);
        var ids = string.Join(',', acknowledged.Select(id => $"'{id}'"));
        (await system.Scalar<long>("leads-db", $"select count(*) from leads where id = any(array[{ids}]::uuid[])", ct)).ShouldBe(acknowledged.Count, "an acknowledged lead is not there");
        (await system.Scalar<long>("leads-db", "select count(*) from leads where email like '%-replica.example'", ct)).ShouldBe(acknowledged.Count, "a lead is there twice");
    }

    private async Task CheckConversions(GatewayClient rep, Load load, CancellationToken ct)
    {
        var outcomes = new Dictionary<Guid, JsonNode>();
        await RunningSystem.Eventually("every conversion is over", async () =>
        {
            foreach (var id in load.Conversions.Keys.Where(id => !outcomes.ContainsKey(id)))
                if ((await rep.Get($"/api/leads/conversions/{id}", ct)) is { } body && body["isOver"]!.GetValue<bool>()) outcomes[id] = body;
            return outcomes.Count == load.Conversions.Count;
        }, TimeSpan.FromSeconds(150));

        foreach (var (id, lead) in load.Conversions) outcomes[id]["leadId"]!.GetValue<Guid>().ShouldBe(lead);
        var completed = outcomes.Values.Where(o => o["state"]!.GetValue<string>() == "completed").ToList();
        var failed = outcomes.Values.Where(o => o["state"]!.GetValue<string>() == "failed").ToList();
        output.WriteLine($"{completed.Count} conversions completed, {failed.Count} undone");
        (completed.Count + failed.Count).ShouldBe(outcomes.Count);
        await Consistency.Check(system, "replica", completed, failed, ct);
    }

    private async Task CheckImport(GatewayClient admin, Guid import, CancellationToken ct)
    {
        JsonNode? last = null;
        await foreach (var progress in admin.Events($"/api/leads/imports/{import}/progress", ct).WithCancellation(ct)) last = progress;
        last!["state"]!.GetValue<string>().ShouldBe("completed", last.ToJsonString());
        var created = last["rowsCreated"]!.GetValue<long>();
        (created + last["rowsFailed"]!.GetValue<long>()).ShouldBe(ImportedRows);
        (await system.Scalar<long>("leads-db", $"select count(*) from leads where import_id = '{import}'", ct)).ShouldBe(created);
    }

    private static async Task<JsonNode> Upload(GatewayClient client, byte[] file, CancellationToken ct)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await client.Post("/api/leads/imports?fileName=leads.csv", content, ct);
    }

    private static Task<JsonNode> Start(GatewayClient client, Guid import, CancellationToken ct) => client.Post($"/api/leads/imports/{import}/start", new
    {
        mapping = new Dictionary<string, string>
        {
            ["First Name"] = "firstName", ["Last Name"] = "lastName", ["Company"] = "company", ["Phone 1"] = "phone", ["Email 1"] = "email", ["Source"] = "source",
        },
    }, ct);
}

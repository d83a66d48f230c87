using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.EndToEnd.Tests.Scenarios;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>
/// kill -9 of one process in the middle of 50 running conversions: afterwards each is complete or fully undone, nothing doubled,
/// nothing orphaned, nothing announced that did not happen.
/// </summary>
[Collection(nameof(SystemUnderFaults))]
public sealed class KillTests(RunningSystem system, ITestOutputHelper output)
{
    private const int Conversions = 50;
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(150);

    [Theory]
    [InlineData("leads"), InlineData("accounts"), InlineData("opportunities"), InlineData("activities"), InlineData("campaigns"), InlineData("rabbitmq"), InlineData("postgres")]
    public async Task C31_C32_a_kill_in_the_middle_of_50_conversions_leaves_each_complete_or_fully_undone(string victim)
    {
        var ct = TestContext.Current.CancellationToken;
        var batch = "kill" + victim[..3];
        using var rep = await system.SignIn(ct: ct);
        var log = new EventLog(system.ConnectionString("rabbitmq"));
        await log.Start();
        var leads = new Guid[Conversions];
        for (var i = 0; i < Conversions; i++)
            leads[i] = (await rep.Post("/api/leads", Samples.Lead(batch, i), ct))["id"]!.GetValue<Guid>();
        await RunningSystem.Eventually("every lead has a call", () => LogCalls(rep, leads, ct), TimeSpan.FromSeconds(60));
        using var marketing = await system.SignIn("mark.marketing@example.com", ct);
        var campaign = (await marketing.Post("/api/campaigns", new { name = $"Campaign {batch}" }, ct))["id"]!.GetValue<Guid>();
        await RunningSystem.Eventually("every lead is a member", async () =>
        {
            await marketing.Post($"/api/campaigns/{campaign}/members/from-list", new { leadIds = leads }, ct);
            return (await Members(marketing, campaign, ct)).Count == Conversions;
        }, TimeSpan.FromSeconds(60));

        // Half with an opportunity. The kill falls when some are through, some are on their way and some have not begun.
        var started = 0;
        var runs = leads.Select((lead, i) => Task.Run(async () =>
        {
            await Task.Yield();
            var id = await ConvertUntilAccepted(rep, lead, withOpportunity: i % 2 == 0, key: $"{batch}-{i}", ct);
            Interlocked.Increment(ref started);
            return id;
        }, ct)).ToList();
        await RunningSystem.Eventually("some conversions have begun and are not through", async () => Volatile.Read(ref started) >= 8 && await Running(batch, ct) > 0, TimeSpan.FromSeconds(60));
        var killedAt = DateTime.UtcNow;
        await system.Kill(victim);

        var conversions = await Task.WhenAll(runs);
        var outcomes = new Dictionary<Guid, JsonNode>();
        await RunningSystem.Eventually("every conversion is over", async () =>
        {
            foreach (var id in conversions.Where(id => !outcomes.ContainsKey(id)))
            {
                var (status, body, _) = await rep.Send(HttpMethod.Get, $"/api/leads/conversions/{id}", ct: ct);
                if (status == HttpStatusCode.OK && body!["isOver"]!.GetValue<bool>()) outcomes[id] = body;
            }
            return outcomes.Count == Conversions;
        }, SettleDeadline);

        var completed = outcomes.Values.Where(o => o["state"]!.GetValue<string>() == "completed").ToList();
        var failed = outcomes.Values.Where(o => o["state"]!.GetValue<string>() == "failed").ToList();
        output.WriteLine($"kill -9 {victim}: {completed.Count} completed, {failed.Count} undone");
        (completed.Count + failed.Count).ShouldBe(Conversions);
        conversions.ShouldBeUnique();
        var surprised = await system.Scalar<long>("leads-db", $"select count(*) from conversions where id = any(array[{string.Join(',', conversions.Select(id => $"'{id}'"))}]::uuid[]) and started_at < '{killedAt:O}' and finished_at > '{killedAt:O}'", ct);
        output.WriteLine($"    {surprised} were running when the kill came");
        surprised.ShouldBeGreaterThan(0, "the kill came in the middle");

        await Consistency.Check(system, batch, completed, failed, ct);
        foreach (var conversion in completed)
        {
            var contact = conversion["contact"]!["id"];
            var timeline = (await rep.Get($"/api/activities/timeline?recordType=contact&recordId={contact}", ct))["items"]!.AsArray();
            timeline.Count.ShouldBe(1, $"the call of lead {conversion["leadId"]} hangs on its contact, once");
        }
        var members = await Members(marketing, campaign, ct);
        foreach (var conversion in completed)
            members.Count(m => m["contactId"]?.GetValue<Guid>() == conversion["contact"]!["id"]!.GetValue<Guid>()).ShouldBe(1, $"the membership of lead {conversion["leadId"]} is its contact's, once");
        members.Count(m => m["leadId"] is not null).ShouldBe(failed.Count, "what was undone left its lead a member");
        members.Count.ShouldBe(Conversions);
        await CheckEvents(log, completed, failed);
    }

    /// <summary>Conversions of this test that are not over.</summary>
    private Task<long> Running(string batch, CancellationToken ct) => system.Scalar<long>(
        "leads-db", $"select count(*) from conversions c join leads l on l.id = c.lead_id where c.finished_at is null and l.email like '%-{batch}.example'", ct);

    private static async Task<List<JsonNode>> Members(GatewayClient client, Guid campaign, CancellationToken ct) =>
        [.. (await client.Get($"/api/campaigns/{campaign}/members?limit=200", ct))["items"]!.AsArray().Select(member => member!)];

    private static readonly HashSet<Guid> called = [];

    /// <summary>Logs a call on each lead that has none yet; true when all have one. Activities hears of a new lead a moment later.</summary>
    private static async Task<bool> LogCalls(GatewayClient rep, Guid[] leads, CancellationToken ct)
    {
        foreach (var lead in leads.Where(lead => !called.Contains(lead)))
        {
            var (status, _, _) = await rep.Send(HttpMethod.Post, "/api/activities/calls", new { text = "Said hello", recordType = "lead", recordId = lead }, ct: ct);
            if (status == HttpStatusCode.Created) called.Add(lead);
        }
        return leads.All(called.Contains);
    }

    /// <summary>What a careful client does: the same key until there is an answer that is one.</summary>
    private static async Task<Guid> ConvertUntilAccepted(GatewayClient client, Guid lead, bool withOpportunity, string key, CancellationToken ct)
    {
        var request = new { opportunity = new { mode = withOpportunity ? "create" : "none" } };
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                var (status, body, _) = await client.Send(
                    HttpMethod.Post, $"/api/leads/{lead}/conversions", request, new() { ["Idempotency-Key"] = key }, ct);
                if (status is HttpStatusCode.OK or HttpStatusCode.Accepted) return body!["conversionId"]!.GetValue<Guid>();
                if ((int)status < 500) throw new InvalidOperationException($"{(int)status}: {body}");
            }
            catch (HttpRequestException)
            {
                // The gateway itself lost a connection; the next attempt tells.
            }
            await Task.Delay(200, ct);   // between the attempts of a client that waits for a server to come back
        }
        throw new TimeoutException($"Lead {lead} could not be converted");
    }

    private static async Task CheckEvents(EventLog log, List<JsonNode> completed, List<JsonNode> failed)
    {
        var heard = new List<EventLog.Heard>();
        var ids = completed.Select(c => c["conversionId"]!.GetValue<Guid>()).ToHashSet();
        var withOpportunity = completed.Count(c => c["opportunity"] is not null);
        await RunningSystem.Eventually("all events are out", async () =>
        {
            heard.AddRange((await log.Drain()).Where(e => e.ConversionId is { } id && ids.Contains(id) && heard.TrueForAll(h => h.Id != e.Id)));
            return heard.Count >= 3 * completed.Count + withOpportunity;
        }, TimeSpan.FromSeconds(60));

        foreach (var events in heard.GroupBy(e => e.ConversionId!.Value))
        {
            // Account, contact, opportunity, lead, each once, under one correlation id.
            events.Select(e => e.Type).ShouldBeUnique($"conversion {events.Key} was announced twice");
            events.ShouldAllBe(e => e.CorrelationId == events.Key);
            events.OrderBy(e => e.Sequence).Select(e => e.Type).ShouldBe(
                new[] { "AccountChanged", "ContactChanged", "OpportunityChanged", "LeadConverted" }.Where(type => events.Any(e => e.Type == type)));
        }
        var undone = failed.Select(f => f["conversionId"]!.GetValue<Guid>()).ToHashSet();
        heard.ShouldAllBe(e => !undone.Contains(e.ConversionId!.Value), "something was announced that was undone");
    }
}

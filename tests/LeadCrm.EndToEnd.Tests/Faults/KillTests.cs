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

        // Half with an opportunity. The kill falls when some are through, some are on their way and some have not begun.
        var started = 0;
        var runs = leads.Select((lead, i) => Task.Run(async () =>
        {
            await Task.Yield();
            var id = await ConvertUntilAccepted(rep, lead, withOpportunity: i % 2 == 0, key: $"{batch}-{i}", ct);
            Interlocked.Increment(ref started);
            return id;
        }, ct)).ToList();
        await RunningSystem.Eventually("some conversions have begun", () => Task.FromResult(Volatile.Read(ref started) >= 8), TimeSpan.FromSeconds(60));
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

        await Consistency.Check(system, batch, completed, failed, ct);
        foreach (var conversion in completed)
        {
            var contact = conversion["contact"]!["id"];
            var timeline = (await rep.Get($"/api/activities/timeline?recordType=contact&recordId={contact}", ct))["items"]!.AsArray();
            timeline.Count.ShouldBe(1, $"the call of lead {conversion["leadId"]} hangs on its contact, once");
        }
        await CheckEvents(log, completed, failed);
    }

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
            heard.AddRange((await log.Drain()).Where(e => e.ConversionId is { } id && ids.Contains(id) && heard.TrueForAll(h => h.MessageId != e.MessageId)));
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

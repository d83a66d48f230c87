using System.Collections.Concurrent;
using System.Diagnostics;
using Shouldly;
using Xunit;
using static LeadCrm.Accounts.Tests.Functional.ConversionCommands;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>What a conversion costs here. Two cores are to do a hundred of them a second: a statement more is noticed.</summary>
public sealed class ConversionCostTests : IClassFixture<AccountsApp>, IDisposable
{
    private const string SourceName = "LeadCrm.Accounts.Tests.ConversionCost";
    private static readonly ActivitySource Source = new(SourceName);

    private readonly AccountsApp app;
    private readonly ConcurrentQueue<Activity> activities = new();
    private readonly ActivityListener listener;

    public ConversionCostTests(AccountsApp app)
    {
        this.app = app;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "MassTransit" or SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    [Fact]
    public async Task C8_step_one_takes_three_round_trips_and_a_commit()
    {
        var command = NewBoth();
        using var trace = Source.StartActivity()!;
        await app.Ready(command);
        var trips = RoundTrips(trace, "accounts-create-account-and-contact");
        trips.Count.ShouldBe(3, string.Join("\n---\n", trips));
        trips[0].ShouldContain("platform.inbox");
        trips[1].ShouldContain("conversion_steps");
        trips[2].ShouldContain("platform.outbox");
    }

    [Fact]
    public async Task C33_the_reveal_takes_three_round_trips_and_a_commit()
    {
        var command = NewBoth();
        using var trace = Source.StartActivity()!;
        await app.Ready(command);
        await app.Reveal(command);
        var trips = RoundTrips(trace, "accounts-lead-converted");
        trips.Count.ShouldBe(3, string.Join("\n---\n", trips));
        trips[1].ShouldContain("pending_conversion_id = null");
        trips[2].ShouldContain("platform.outbox");
    }

    public void Dispose() => listener.Dispose();

    /// <summary>
    /// The SQL that was sent while the queue's message of this trace was consumed, a text per round trip; commits are not among them. Other tests of the process have
    /// queues of the same names.
    /// </summary>
    private List<string> RoundTrips(Activity trace, string queue)
    {
        var consumed = activities.Where(a => a.TraceId == trace.TraceId && a.Source.Name == "MassTransit" && a.Kind == ActivityKind.Consumer && a.DisplayName.Contains(queue, StringComparison.Ordinal)).ToList();
        consumed.ShouldNotBeEmpty(string.Join('\n', activities.Select(a => $"{a.Source.Name} {a.Kind} {a.DisplayName}")));
        var (from, until) = (consumed.Min(a => a.StartTimeUtc), consumed.Max(a => a.StartTimeUtc + a.Duration));
        return [.. activities.Where(a => a.Source.Name == "Npgsql" && a.TraceId == trace.TraceId && a.StartTimeUtc >= from && a.StartTimeUtc <= until)
            .OrderBy(a => a.StartTimeUtc).Select(a => (a.GetTagItem("db.query.text") ?? a.GetTagItem("db.statement"))?.ToString() ?? a.DisplayName)];
    }
}

using System.Diagnostics;
using System.Globalization;
using LeadCrm.Load.Traffic;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>Creates leads at a constant rate for a while, looks every second how far the outbox is behind, and how soon it is empty when the load ends.</summary>
internal static class Creates
{
    public static async Task Run(MeasuredSystem system, Report report, double perSecond, TimeSpan duration)
    {
        var leads = system.Database("leads-db");
        var kinds = new Kinds(await system.SignInToCall(), await Sample.Take(leads, 100));
        await Generator.Closed(system.Gateway, kinds.Create, 16, TimeSpan.FromSeconds(10));
        await system.Quiet();

        var before = await system.Now();
        using var done = new CancellationTokenSource();
        var watching = Watch(leads, done.Token);
        var outcome = await Generator.Open(system.Gateway, kinds.Create, perSecond, duration);
        await done.CancelAsync();
        var (deepest, furthest) = await watching;
        var draining = Stopwatch.StartNew();
        while ((await Outbox(leads)).Depth > 0 && draining.Elapsed < TimeSpan.FromMinutes(3)) await Task.Delay(200);
        var drained = draining.Elapsed;
        await system.Quiet();
        var after = await system.Now();

        report.Heading(string.Create(CultureInfo.InvariantCulture, $"{perSecond:0} creates a second for {duration.TotalSeconds:0} s"));
        string F(double value, string format = "#,0.0") => value.ToString(format, CultureInfo.InvariantCulture);
        report.Table(["what", "measured"], [
            ["created a second", F(outcome.PerSecond)], ["errors", outcome.ErrorText],
            ["p50 / p95 / p99 ms, from when a request was due", $"{F(outcome.At(.5))} / {F(outcome.At(.95))} / {F(outcome.At(.99))}"],
            ["oldest message in the outbox at worst, s", F(furthest.TotalSeconds)], ["messages in the outbox at most", F(deepest, "#,0")],
            ["outbox empty after the load's end, s", F(drained.TotalSeconds)],
            ["CPU ms a create, with all that follows from it", F(after.Milliseconds(before, _ => true) / Math.Max(1, outcome.Requests), "0.00")],
        ]);
    }

    private static async Task<(long Depth, TimeSpan Age)> Watch(string database, CancellationToken until)
    {
        var (depth, age) = (0L, TimeSpan.Zero);
        while (!until.IsCancellationRequested)
        {
            var now = await Outbox(database);
            (depth, age) = (Math.Max(depth, now.Depth), now.Age > age ? now.Age : age);
            await Task.Delay(1_000, CancellationToken.None);
        }
        return (depth, age);
    }

    private static async Task<(long Depth, TimeSpan Age)> Outbox(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*), coalesce(clock_timestamp() - min(created_at), interval '0') from platform.outbox where not_before is null", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetTimeSpan(1));
    }
}

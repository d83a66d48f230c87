using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadCrm.Chaos.Audit;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;

namespace LeadCrm.Chaos;

/// <summary>
/// Sixty requests a second for a long time, and every five minutes some process is killed: whether memory, handles and connections of each process stay where they are, and tables that
/// should not grow do not.
/// </summary>
public sealed class Soak(DisturbedSystem system, TextWriter log, string? report = null)
{
    private const double RequestsPerSecond = 60;
    private const int SampleSeconds = 10;
    private static readonly TimeSpan BetweenKills = TimeSpan.FromMinutes(5), LastAnswers = TimeSpan.FromSeconds(60);
    private readonly Journal journal = new();

    /// <returns>Whether everything is there once and came back after each kill. What grows is for the reader to judge.</returns>
    public async Task<bool> Run(TimeSpan duration, int seed, CancellationToken ct)
    {
        using var client = await system.SignIn("rita.rep@example.com");
        var work = new LeadWork(client, journal, new Marks(), ct);
        var loop = new OpenLoop(RequestsPerSecond, new OfficeDay(work).Next);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (running, clock) = (loop.Run(duration, ct), Stopwatch.StartNew());
        var usage = new Usage(system);
        var watching = usage.Watch(TimeSpan.FromSeconds(SampleSeconds), enough.Token);

        var (disturbance, random) = (new Disturbance(system, log), new Random(seed));
        var between = TimeSpan.FromTicks(Math.Min(BetweenKills.Ticks, duration.Ticks / 2));
        for (var next = between; next < duration - TimeSpan.FromSeconds(30); next += between)
        {
            await Task.Delay(next > clock.Elapsed ? next - clock.Elapsed : TimeSpan.Zero, ct);
            var processes = system.Processes().Keys.Order(StringComparer.Ordinal).ToArray();
            await disturbance.Do(FaultKind.Kill, processes[random.Next(processes.Length)], ct);
        }
        await running.WaitAsync(duration + LastAnswers, ct);
        await enough.CancelAsync();
        await watching;
        var drained = await Settling.Drained(system);
        var findings = await Auditor.Look(new Evidence(system, journal, Guid.Empty));
        var page = await Page(duration, loop, work.Refusals, disturbance.Faults, drained, usage, findings);
        await log.WriteLineAsync(page);
        if (report is not null) await File.WriteAllTextAsync(report, page, CancellationToken.None);
        return drained is not null && disturbance.Faults.All(fault => fault.HealedAfter is not null) && findings.All(finding => finding.Broken.Count == 0);
    }

    private async Task<string> Page(
        TimeSpan duration, OpenLoop loop, IReadOnlyCollection<string> refusals, IReadOnlyList<Fault> faults, TimeSpan? drained, Usage usage, IReadOnlyList<Finding> findings)
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
        Line($"{RequestsPerSecond:0} requests a second for {duration.TotalMinutes:0} minutes, with kills. Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included.");
        Line();
        Line($"{loop.Done} requests, {loop.Failed} of them failed (nothing is sent twice); p50 {Number(loop.Percentile(0.5))} ms, p95 {Number(loop.Percentile(0.95))} ms, p99 {Number(loop.Percentile(0.99))} ms, longest {Number(loop.Percentile(1))} ms. "
            + (drained is { } after ? $"Nothing was under way any more {Report.Seconds(after)} after the last answer." : "Something was still under way 60 s after the last answer."));
        Line();
        foreach (var refusal in refusals.GroupBy(refusal => refusal).OrderByDescending(g => g.Count()).Take(10)) Line($"- {refusal.Count()} times {refusal.Key}");
        foreach (var fault in faults) Line($"- killed at {Report.Seconds(fault.At)}: {fault.Process}, healthy again after {(fault.HealedAfter is { } healed ? Report.Seconds(healed) : "more than 120 s")}");
        Line();
        Line(usage.Table());
        Line(await Tables());
        Line("| what must hold | rows that break it |");
        Line("| --- | ---: |");
        foreach (var (claim, broken) in findings) Line($"| {claim} | {broken.Count} |");
        foreach (var (claim, broken) in findings.Where(finding => finding.Broken.Count > 0)) Line($"\nNot so: {claim}\n" + string.Join('\n', broken.Take(10).Select(row => "- " + row)));
        return page.ToString();
    }

    /// <summary>What is kept for a while only: rows, and size on disk with indexes and partitions.</summary>
    private async Task<string> Tables()
    {
        var table = new StringBuilder("| rows, MB on disk | outbox | sent messages | inbox | idempotency keys |\n| --- | ---: | ---: | ---: | ---: |\n");
        foreach (var database in DisturbedSystem.Databases)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {database[..^3]} |");
            foreach (var name in new[] { "outbox", "outbox_sent", "inbox", "idempotency_keys" })
            {
                var rows = await system.Count(database, $"select count(*) from platform.{name}");
                var bytes = await system.Count(database, $"select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint from pg_partition_tree('platform.{name}')");
                if (bytes == 0) bytes = await system.Count(database, $"select pg_total_relation_size('platform.{name}')");
                table.Append(CultureInfo.InvariantCulture, $" {rows}, {bytes / 1048576.0:0.0} |");
            }
            table.Append('\n');
        }
        return table.ToString();
    }
}

using System.Globalization;
using System.Text;
using LeadCrm.Chaos.Audit;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;

namespace LeadCrm.Chaos;

/// <summary>
/// Every copy of everything is asked to stop, one after the other, while sixty requests a second are due. None is sent twice, and none is to fail. What comes back may be another
/// build, which then also has to bring to its end what the one before has begun.
/// </summary>
public sealed class Rolling(DisturbedSystem system, TextWriter log, string? report = null, Upgrade? upgrade = null)
{
    private const double RequestsPerSecond = 60;
    private const int ConversionsAtOnce = 25;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3), Longest = TimeSpan.FromMinutes(30), LastAnswers = TimeSpan.FromSeconds(60);
    private static readonly string[] Services = ["identity", "leads", "accounts", "opportunities", "activities", "campaigns", "capture", "gateway"];
    private readonly Journal journal = new();

    /// <returns>Whether no request failed and everything is there once.</returns>
    public async Task<bool> Run(CancellationToken ct)
    {
        using var client = await system.SignIn("rita.rep@example.com");
        var work = new LeadWork(client, journal, new Marks(), ct);
        var loop = new OpenLoop(RequestsPerSecond, new OfficeDay(work).Next);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = loop.Run(Longest, enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(10), ct);
        if (upgrade is not null) await upgrade.Begin(system);

        var disturbance = new Disturbance(system, log);
        List<(string Service, int Requests, List<string> Failed)> turns = [("before", loop.Done, [.. work.Refusals])];
        foreach (var service in Services)
        {
            var (requests, failures) = (loop.Done, work.Refusals.Count);
            foreach (var copy in system.Processes().Keys.Where(process => process == service || process.StartsWith(service + "-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList())
            {
                if (upgrade is not null && service == "leads") upgrade.LeavesBehind(Enumerable.Range(0, ConversionsAtOnce).Select(_ => Task.Run(work.ConvertOrWrite, ct)));
                await disturbance.Do(FaultKind.Restart, copy, ct);
                await Task.Delay(Between, ct);
            }
            turns.Add((service, loop.Done - requests, [.. work.Refusals.Skip(failures)]));
        }
        await enough.CancelAsync();
        await running.WaitAsync(LastAnswers, ct);
        var drained = await Settling.Drained(system);
        var findings = await Auditor.Look(new Evidence(system, journal, Guid.Empty));
        var page = Page(loop, turns, disturbance.Faults, drained, findings) + (upgrade is null ? "" : "\n" + await upgrade.Report(system));
        await log.WriteLineAsync(page);
        if (report is not null) await File.WriteAllTextAsync(report, page, CancellationToken.None);
        return loop.Failed == 0 && upgrade?.IsComplete != false && drained is not null && disturbance.Faults.All(fault => fault.HealedAfter is not null) && findings.All(finding => finding.Broken.Count == 0);
    }

    private static string Page(OpenLoop loop, IReadOnlyList<(string Service, int Requests, List<string> Failed)> turns, IReadOnlyList<Fault> faults, TimeSpan? drained, IReadOnlyList<Finding> findings)
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
        Line($"Every copy restarted, one after the other, at {RequestsPerSecond:0} requests a second. Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included.");
        Line();
        Line($"{loop.Done} requests, {loop.Failed} failed; p50 {Number(loop.Percentile(0.5))} ms, p95 {Number(loop.Percentile(0.95))} ms, p99 {Number(loop.Percentile(0.99))} ms, longest {Number(loop.Percentile(1))} ms. "
            + (drained is { } after ? $"Nothing was under way any more {after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s after the last answer." : "Something was still under way 60 s after the last answer."));
        Line();
        Line("| restarted | longest until healthy again | requests meanwhile | failed |");
        Line("| --- | ---: | ---: | ---: |");
        foreach (var (service, requests, failed) in turns)
        {
            var mine = faults.Where(fault => fault.Process.TrimEnd([.. "-0123456789"]) == service).ToList();
            var longest = mine.Count == 0 ? "–" : mine.Exists(fault => fault.HealedAfter is null) ? "not within 120 s" : Number(mine.Max(fault => fault.HealedAfter!.Value.TotalSeconds)) + " s";
            Line($"| {service} | {longest} | {requests} | {failed.Count} |");
        }
        Line();
        foreach (var failure in turns.SelectMany(turn => turn.Failed.Select(failed => $"{turn.Service}: {failed}")).GroupBy(failed => failed).OrderByDescending(g => g.Count()).Take(15)) Line($"- {failure.Count()} times, {failure.Key}");
        Line();
        Line("| what must hold | rows that break it |");
        Line("| --- | ---: |");
        foreach (var (claim, broken) in findings) Line($"| {claim} | {broken.Count} |");
        foreach (var (claim, broken) in findings.Where(finding => finding.Broken.Count > 0)) Line($"\nNot so: {claim}\n" + string.Join('\n', broken.Take(10).Select(row => "- " + row)));
        return page.ToString();
    }
}

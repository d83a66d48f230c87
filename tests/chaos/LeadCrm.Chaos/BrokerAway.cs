using System.Globalization;
using System.Text;
using LeadCrm.Chaos.Audit;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;
using LeadCrm.Processes;

namespace LeadCrm.Chaos;

/// <summary>
/// The broker is away for minutes, and everybody goes on working: a thousand lead writes and fifty conversions a minute, due at a constant rate. All are to be accepted, in time;
/// health is to say what is wrong; and when the broker is back, everything is to be delivered, in the order of each lead.
/// </summary>
public sealed class BrokerAway(DisturbedSystem system, TextWriter log, string? report = null)
{
    private const double WritesPerSecond = 10_000 / 600.0, ConversionsPerSecond = 500 / 600.0;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromSeconds(120);
    private readonly Journal journal = new();

    /// <returns>Whether everything was accepted, delivered in time and in order, and is there once.</returns>
    public async Task<bool> Run(TimeSpan away, CancellationToken ct)
    {
        using var client = await system.SignIn("rita.rep@example.com");
        var events = new EventLog(system.BrokerUrl);
        await events.Start();
        var work = new LeadWork(client, journal, new Marks(), ct);
        await log.WriteLineAsync($"{WarmUp.TotalSeconds:0} s with the broker");
        await new OpenLoop(WritesPerSecond, work.Write).Run(WarmUp, ct);
        var before = Memory();

        var (writes, conversions) = (new OpenLoop(WritesPerSecond, work.Write), new OpenLoop(ConversionsPerSecond, work.Convert));
        using var absence = new Absence(system, "rabbitmq", system.BrokerUrl.Port);
        await absence.Begin(ct);
        await log.WriteLineAsync($"The broker is away for {away.TotalMinutes:0} minutes");
        await using var health = HealthWatch.Begin(system, ct);
        await Task.WhenAll(writes.Run(away, ct), conversions.Run(away, ct));
        var said = await health.End();
        var during = Memory();
        var waiting = await system.Count("leads-db", "select count(*) from platform.outbox");

        absence.End();
        while (!system.IsHealthyNow("rabbitmq")) await Task.Delay(100, ct);
        await log.WriteLineAsync($"The broker is back; {waiting} messages wait in Leads");
        var delivered = await Settling.Drained(system, Patience, except: EventLog.Queue);
        var after = Memory();

        var told = await events.Drain();   // before the auditor looks, to whom a queue with messages in it is one that is not drained
        var disordered = told.Values.Count(versions => !versions.SequenceEqual(versions.Order()));
        var findings = await Auditor.Look(new Evidence(system, journal, Guid.Empty));
        var growth = before.Keys.Where(during.ContainsKey).Select(name => (Name: name, Before: before[name], During: during[name], After: after.GetValueOrDefault(name))).OrderByDescending(m => m.During - m.Before).ToList();
        var page = Page(away, writes, conversions, said, waiting, delivered, told.Count, disordered, growth, findings, work.Refusals);
        await log.WriteLineAsync(page);
        if (report is not null) await File.WriteAllTextAsync(report, page, CancellationToken.None);
        return writes.Failed == 0 && conversions.Failed == 0 && delivered is not null && disordered == 0 && findings.All(finding => finding.Broken.Count == 0);
    }

    private Dictionary<string, long> Memory() => system.Services().Where(process => system.Processes()[process] is not null).ToDictionary(process => process, process => (long)ProcessMemory.Megabytes(system.Processes()[process]!.Value));

    private static string Page(
        TimeSpan away, OpenLoop writes, OpenLoop conversions, string health, long waiting, TimeSpan? delivered, int leads, int disordered,
        IReadOnlyList<(string Name, long Before, long During, long After)> memory, IReadOnlyList<Finding> findings, IReadOnlyCollection<string> refusals)
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        static string Ms(double ms) => ms.ToString("0", CultureInfo.InvariantCulture);
        Line($"The broker away for {away.TotalMinutes:0} minutes. Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included.");
        Line();
        Line("| meanwhile | asked for | accepted | p50 ms | p95 ms | p99 ms | longest ms |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, loop) in new[] { ("lead writes (one in five a new lead)", writes), ("conversions", conversions) })
            Line($"| {name} | {loop.Done} | {loop.Done - loop.Failed} | {Ms(loop.Percentile(0.5))} | {Ms(loop.Percentile(0.95))} | {Ms(loop.Percentile(0.99))} | {Ms(loop.Percentile(1))} |");
        Line();
        Line($"Messages that waited in Leads when the broker came back: {waiting}. " + (delivered is { } after ? $"Everything was delivered and every conversion at its end {after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s later." : $"Not everything was delivered {Patience.TotalSeconds:0} s later."));
        Line($"What was told of {leads} leads came in the order of their versions, but for {disordered}.");
        Line($"Health, asked every 5 s: {health}.");
        Line();
        foreach (var refusal in refusals.GroupBy(refusal => refusal).OrderByDescending(g => g.Count()).Take(10)) Line($"- {refusal.Count()} times {refusal.Key}");
        if (refusals.Count > 0) Line();
        Line("| memory, MB | before | at the end of it | after delivery |");
        Line("| --- | ---: | ---: | ---: |");
        foreach (var (name, was, during, now) in memory) Line($"| {name} | {was} | {during} ({during - was:+0;-0;0}) | {now} |");
        Line();
        Line("| what must hold | rows that break it |");
        Line("| --- | ---: |");
        foreach (var (claim, broken) in findings) Line($"| {claim} | {broken.Count} |");
        foreach (var (claim, broken) in findings.Where(finding => finding.Broken.Count > 0)) Line($"\nNot so: {claim}\n" + string.Join('\n', broken.Take(10).Select(row => "- " + row)));
        return page.ToString();
    }
}

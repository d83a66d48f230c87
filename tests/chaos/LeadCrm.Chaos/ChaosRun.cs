using LeadCrm.Chaos.Audit;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;

namespace LeadCrm.Chaos;

/// <summary>What came out of a run.</summary>
/// <param name="IsClean">Every process came back, every write was answered and none refused, every check holds: lost 0, duplicated 0, stuck 0.</param>
/// <param name="Page">The page about it, in Markdown.</param>
public sealed record ChaosOutcome(bool IsClean, string Page);

/// <summary>
/// Clients write, processes die, everything comes to rest, an auditor compares what the clients were told with what is in all databases. The
/// system has to be a fresh one: that nobody else writes to it is what the auditor goes by.
/// </summary>
public sealed class ChaosRun(DisturbedSystem system, TextWriter log, string? report = null)
{
    /// <summary>How long clients may wait for the answer to their last request once everything is healthy.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(60);

    private Evidence? evidence;

    /// <summary>Everything that can happen to a process, to any of them, for a while.</summary>
    public Task<ChaosOutcome> AtRandom(TimeSpan duration, int seed, CancellationToken ct) => Run(
        new CrowdSize(People: 4, Visitors: 2, Importers: 1), $"kill -9, SIGSTOP for 10 s and restarts of any process at random for {duration.TotalMinutes:0} minutes, seed {seed}",
        async (disturbance, _) =>
        {
            await disturbance.AtRandom(duration, new Random(seed), ct);
            return new Disturbed(true, Report.Of(disturbance.Faults));
        }, ct);

    /// <summary>Processes end themselves at named points, so many times at each. The services must have been started with what does it: see <see cref="CrashOrders"/>.</summary>
    public Task<ChaosOutcome> CrashPoints(int times, string folder, CancellationToken ct) => Run(
        new CrowdSize(People: 4, Visitors: 2, Importers: 1), $"Processes that die at four points, {times} times at each",
        async (_, _) =>
        {
            var orders = new CrashOrders(system, folder, log);
            return new Disturbed(await orders.Do(times, ct), orders.Table());
        }, ct);

    /// <summary>kill -9 of these processes, one after the other, each when everything has been healthy for a moment; then deaths at named points, so many at each.</summary>
    public Task<ChaosOutcome> KillsAndCrashPoints(IReadOnlyList<string> processes, int times, string folder, CancellationToken ct) => Run(
        new CrowdSize(People: 2, Visitors: 1, Importers: 1), $"kill -9 of {string.Join(", ", processes)}, one after the other, and deaths at four points, {times} at each",
        async (disturbance, _) =>
        {
            foreach (var process in processes)
            {
                await Task.Delay(TimeSpan.FromSeconds(3), ct);
                await disturbance.Do(FaultKind.Kill, process, ct);
            }
            var orders = new CrashOrders(system, folder, log);
            return new Disturbed(await orders.Do(times, ct), Report.Of(disturbance.Faults) + "\n" + orders.Table());
        }, ct);

    /// <summary>One thing after the other is done to the whole system, each for a while, and what clients and health say of it is noted.</summary>
    internal Task<ChaosOutcome> Stages(string about, IReadOnlyList<Stage> stages, CancellationToken ct) => Run(
        new CrowdSize(People: 4, Visitors: 2, Importers: 1), about,
        async (_, journal) =>
        {
            var rounds = new Rounds(system, journal, log);
            foreach (var stage in stages) await rounds.Do(stage, ct);
            return new Disturbed(rounds.IsAsWanted, rounds.Table());
        }, ct);

    /// <summary>Looks into all databases; once more after a run, when somebody has changed something there.</summary>
    public Task<IReadOnlyList<Finding>> Audit() => Auditor.Look(evidence ?? throw new InvalidOperationException("Nothing was run yet."));

    private async Task<ChaosOutcome> Run(CrowdSize size, string about, Func<Disturbance, Journal, Task<Disturbed>> disturb, CancellationToken ct)
    {
        using var crowd = new Crowd();
        await crowd.Start(system, size, ct);
        await log.WriteLineAsync($"Disturbing: {about}");
        var disturbance = new Disturbance(system, log);
        var disturbed = await disturb(disturbance, crowd.Journal);
        ct.ThrowIfCancellationRequested();

        await log.WriteLineAsync("Waiting until everything is healthy and drained");
        var healthy = await Settling.Healthy(system);
        await crowd.Stop(LastAnswers);
        var settled = new Settled(healthy, healthy is null ? null : await Settling.Drained(system));

        await log.WriteLineAsync("Auditing");
        evidence = new Evidence(system, crowd.Journal, crowd.Campaign);
        var findings = await Audit();
        var page = Report.Of(about, disturbed.Table, settled, system.Unhealthy(), crowd.Journal, findings);
        await log.WriteLineAsync(page);
        if (report is not null) await File.WriteAllTextAsync(report, page, CancellationToken.None);
        return new ChaosOutcome(disturbed.IsAsWanted && settled is { HealthyAfter: not null, DrainedAfter: not null } && crowd.Journal.All().All(write => write.Told == Told.Done) && findings.All(finding => finding.Broken.Count == 0), page);
    }

    /// <summary>What was done to a system: whether all of it could be done, and a table of it.</summary>
    private sealed record Disturbed(bool IsAsWanted, string Table);
}

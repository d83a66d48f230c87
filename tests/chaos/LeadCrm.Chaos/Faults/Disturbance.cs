using System.Diagnostics;

namespace LeadCrm.Chaos.Faults;

/// <summary>What can happen to a process.</summary>
internal enum FaultKind
{
    /// <summary>kill -9.</summary>
    Kill,
    /// <summary>SIGSTOP, and SIGCONT ten seconds later.</summary>
    Freeze,
    /// <summary>Asked to stop, as for a restart.</summary>
    Restart,
}

/// <summary>Something that was done to a process, and how long it took until it was healthy again; null when it was not while anybody looked.</summary>
internal sealed record Fault(FaultKind Kind, string Process, TimeSpan At, TimeSpan? HealedAfter);

/// <summary>Does faults to processes of a running system. Its host starts again what has ended; nothing here helps.</summary>
internal sealed class Disturbance(DisturbedSystem system, TextWriter log)
{
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHealing = TimeSpan.FromMinutes(2);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<Fault> faults = [];

    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>
    /// Any fault to any process, with short pauses. What there is (each service, the gateway, the servers) comes in turn, in an order by chance, and one of its
    /// copies by chance: PostgreSQL and the broker are two processes of twenty. Three times of four the next fault waits until the process is well
    /// again, so that faults overlap but the system is not simply down.
    /// </summary>
    public async Task AtRandom(TimeSpan duration, Random random, CancellationToken ct)
    {
        List<Task> healing = [];
        Queue<string> turn = [];
        var until = clock.Elapsed + duration;
        while (clock.Elapsed < until && !ct.IsCancellationRequested)
        {
            var copies = system.Processes().Keys.Order(StringComparer.Ordinal).ToLookup(process => process.TrimEnd([.. "-0123456789"]), StringComparer.Ordinal);
            if (turn.Count == 0) turn = new Queue<string>(copies.Select(c => c.Key).OrderBy(_ => random.Next()).ToList());
            var chosen = copies[turn.Dequeue()].ToArray();
            var done = Do((FaultKind)random.Next(3), chosen[random.Next(chosen.Length)], ct);
            healing.Add(done);
            if (random.Next(4) > 0) await done;
            await Pause(TimeSpan.FromSeconds(1 + (random.NextDouble() * 5)), ct);
        }
        await Task.WhenAll(healing);
    }

    /// <summary>One fault, and waits until the process is well again.</summary>
    public async Task Do(FaultKind kind, string process, CancellationToken ct)
    {
        if (system.Processes().GetValueOrDefault(process) is not { } pid) return;   // it is down already
        var at = clock.Elapsed;
        log.WriteLine($"    {at.TotalSeconds,5:0} s  {kind} {process}");
        if (kind == FaultKind.Freeze)
        {
            var tree = Signals.Freeze(pid);
            try
            {
                await Pause(FrozenFor, ct);
            }
            finally
            {
                Signals.GoOn(tree);
            }
        }
        else if (kind == FaultKind.Kill) Signals.EndAtOnce(pid);
        else Signals.Ask(pid, process);

        // A frozen one is there all the time; of one that ended another one has to come. A busy machine may show the end late.
        var healing = Stopwatch.StartNew();
        bool IsWell() => system.IsHealthyNow(process) && (kind == FaultKind.Freeze || system.Processes()[process] != pid);
        while (!IsWell() && healing.Elapsed < LongestHealing && !ct.IsCancellationRequested) await Pause(TimeSpan.FromMilliseconds(100), ct);
        lock (faults) faults.Add(new Fault(kind, process, at, IsWell() ? healing.Elapsed : null));
    }

    /// <summary>Ends early when interrupted, and not with an exception: what was frozen must go on.</summary>
    private static Task Pause(TimeSpan time, CancellationToken ct) => Task.Delay(time, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}

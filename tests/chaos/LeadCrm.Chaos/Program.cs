using System.Runtime.InteropServices;
using LeadCrm.Chaos;

// Disturbs a running system under load and audits it afterwards. Bounded in time, loopback only.
if (args is [] or ["--help", ..])
{
    Console.WriteLine("""
        usage: LeadCrm.Chaos --data DIR [options]; tests/chaos/run starts a system of its own and runs this on it
        Kills, stops and restarts processes of a running system while clients write to it, then compares what the clients were told with what is
        in all databases. The system must be fresh (nothing but sample users in it) and is of no use afterwards. Ends with 1 when anything was
        lost, doubled or stuck.
          --data DIR    data folder of the running system
          --minutes N   how long it is disturbed, 1 to 120 (default 10)
          --seed N      which faults come in which order (default: by chance; the page names it)
          --report F    also writes the page to this file
          --crash-points N  no faults at random, but processes that die at four named points, N times at each. The folder of orders is that of
                        CRASH_POINTS, with which, and with LeadCrm.CrashPoints as startup hook, the system must have been started
          --broker-away N   the broker is away for N minutes under a constant load
          --rolling yes     every copy restarted in turn at 60 requests a second
          --rolling-upgrade DIR  the same, and what comes back is the build in DIR, which takes the place of the one that CHAOS_BUILD, a link, points to
          --soak N          sixty requests a second for N minutes, a process killed every five: what grows
          --start-orders yes  everything started while database and broker are away
          --full-disk N     no space left on the disk of PostgreSQL and files, then on the broker's, each for N seconds. Both must be small file systems
                        in memory of their own
          --network N       lines between the processes slow, lossy, cut and frozen, each for N seconds. The program has to be there before the
                        services, which need LeadCrm.Detours as startup hook and CHAOS_DETOURS
          --clock N         clocks that jump by an hour, all of them for N seconds, then single ones. The system must have been started with
                        clock/shift.c and CHAOS_CLOCKS
          --races yes   no faults at random, but the same done by many at the same moment: one key, one ETag
          --without W   first takes out the inbox, the outbox or the unique constraints (inbox, outbox, unique): a run that then ends with 0 proves nothing
        """);
    return args is [] ? 2 : 0;
}

var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
var minutes = Math.Clamp(int.Parse(options.GetValueOrDefault("--minutes", "10")), 1, 120);
var seed = options.TryGetValue("--seed", out var given) ? int.Parse(given) : Random.Shared.Next(1, 1_000_000);

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

var system = new DisturbedSystem(options.GetValueOrDefault("--data", ".leadcrm"));
try
{
    if (options.TryGetValue("--without", out var missing)) await Sabotage.Do(system, missing);
    if (options.ContainsKey("--races")) return await new Races(system, Console.Out, options.GetValueOrDefault("--report")).Run(interrupted.Token) ? 0 : 1;
    if (options.TryGetValue("--broker-away", out var away))
        return await new BrokerAway(system, Console.Out, options.GetValueOrDefault("--report")).Run(TimeSpan.FromMinutes(int.Parse(away)), interrupted.Token) ? 0 : 1;
    if (options.ContainsKey("--rolling")) return await new Rolling(system, Console.Out, options.GetValueOrDefault("--report")).Run(interrupted.Token) ? 0 : 1;
    if (options.TryGetValue("--rolling-upgrade", out var next))
        return await new Rolling(system, Console.Out, options.GetValueOrDefault("--report"), new Upgrade(Told("CHAOS_BUILD"), next)).Run(interrupted.Token) ? 0 : 1;
    if (options.TryGetValue("--soak", out var soak)) return await new Soak(system, Console.Out, options.GetValueOrDefault("--report")).Run(TimeSpan.FromMinutes(int.Parse(soak)), seed, interrupted.Token) ? 0 : 1;
    if (options.ContainsKey("--start-orders")) return await new StartOrders(system, Console.Out, options.GetValueOrDefault("--report")).Run(interrupted.Token) ? 0 : 1;
    return (await Disturb(new ChaosRun(system, Console.Out, options.GetValueOrDefault("--report")), interrupted.Token)).IsClean ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}

async Task<ChaosOutcome> Disturb(ChaosRun run, CancellationToken ct)
{
    if (options.TryGetValue("--crash-points", out var times)) return await run.CrashPoints(int.Parse(times), Told("CRASH_POINTS"), ct);
    if (options.TryGetValue("--full-disk", out var full)) return await run.Stages("No space left", FullDisks.Stages(system, Seconds(full)), ct);
    if (options.TryGetValue("--clock", out var off)) return await run.Stages("Clocks that jump by an hour", new Clocks(system, Told(Clocks.FolderVariable)).Stages(Seconds(off)), ct);
    if (options.TryGetValue("--network", out var slow))
    {
        await using var network = await Network.Lay(system.DataFolder, Told(Network.FileVariable), ct);
        return await run.Stages("A slow network, and cut and frozen connections", network.Stages(Seconds(slow)), ct);
    }
    return await run.AtRandom(TimeSpan.FromMinutes(minutes), seed, ct);
}

static TimeSpan Seconds(string number) => TimeSpan.FromSeconds(Math.Clamp(int.Parse(number), 1, 600));

static string Told(string variable) => Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set.");

// What is frozen goes on before the program ends.
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

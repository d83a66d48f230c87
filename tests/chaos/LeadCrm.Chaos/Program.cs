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
          --start-orders yes  everything started while database and broker are away
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
    if (options.ContainsKey("--start-orders")) return await new StartOrders(system, Console.Out, options.GetValueOrDefault("--report")).Run(interrupted.Token) ? 0 : 1;
    var run = new ChaosRun(system, Console.Out, options.GetValueOrDefault("--report"));
    var outcome = options.TryGetValue("--crash-points", out var times)
        ? await run.CrashPoints(int.Parse(times), Environment.GetEnvironmentVariable("CRASH_POINTS") ?? throw new InvalidOperationException("CRASH_POINTS is not set."), interrupted.Token)
        : await run.AtRandom(TimeSpan.FromMinutes(minutes), seed, interrupted.Token);
    return outcome.IsClean ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}

// What is frozen goes on before the program ends.
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

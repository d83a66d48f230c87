using LeadCrm.Load;
using LeadCrm.Load.Seeding;

// Measures a running system through its gateway and prints Markdown tables. Bounded in count and time, loopback only.
if (args is [] or ["--help", ..])
{
    Console.WriteLine("""
        usage: LeadCrm.Load COMMAND [options]; tests/load/measure starts a system of its own and runs these on it
          seed         fills a fresh system with records (--size small|medium|large)
          limits       what the machine can do at most (--bare URL: where `bare` runs)
          requests     every kind of request (--seconds 8, --only NAME, --concurrency 1,16,64)
          conversions  conversions one by one, each waited for to its end (--count 1000, --concurrency 16)
          bulk         one bulk conversion (--count 4000)
          bare         the least that a service can do, for `limits` (--url http://127.0.0.1:PORT)
        options of all
          --data DIR   data folder of the running system (default .leadcrm)
          --report F   also writes the table to this file
        """);
    return 0;
}

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
var system = new MeasuredSystem(options.GetValueOrDefault("--data", ".leadcrm"));
var seconds = TimeSpan.FromSeconds(Math.Clamp(int.Parse(options.GetValueOrDefault("--seconds", "8")), 1, 600));
var concurrencies = options.GetValueOrDefault("--concurrency", "1,16,64").Split(',').Select(text => Math.Clamp(int.Parse(text), 1, 256)).ToArray();
var report = new Report("Load: what one machine does", options.GetValueOrDefault("--report"));

switch (args[0])
{
    case "seed":
        await Seeder.Run(system, Size.Of(options.GetValueOrDefault("--size", "small")));
        return 0;
    case "limits":
        await Limits.Run(system, report, options.TryGetValue("--bare", out var bare) ? new Uri(bare) : null, 16, seconds);
        return 0;
    case "requests":
        await Requests.Run(system, report, concurrencies, seconds, options.GetValueOrDefault("--only"));
        return 0;
    case "conversions":
        await Conversions.Single(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--count", "1000")), 1, 10_000), Math.Clamp(int.Parse(options.GetValueOrDefault("--concurrency", "16")), 1, 64));
        return 0;
    case "bulk":
        await Conversions.Bulk(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--count", "4000")), 1, 10_000));
        return 0;
    case "bare":
        await Bare.Run(options["--url"], system.Database("leads-db"));
        return 0;
    default:
        Console.Error.WriteLine($"'{args[0]}' is not a measurement; see --help.");
        return 2;
}

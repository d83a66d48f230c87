using System.Globalization;
using LeadCrm.Load;
using LeadCrm.Load.Seeding;

// Measures a running system through its gateway and prints Markdown tables. Bounded in count and time, loopback only.
if (args is [] or ["--help", ..])
{
    Console.WriteLine("""
        usage: LeadCrm.Load COMMAND [options]; tests/load/measure starts a system of its own and runs these on it
          seed         fills a fresh system with records (--size small|medium|large)
          limits       what the machine can do at most (--bare URL: where `bare` runs)
          requests     every kind of request (--seconds 8, --warm-up 12, --only NAME, --concurrency 1,16,64, --open no)
          creates      leads at a constant rate, and how the outbox keeps up (--rate 600, --seconds 300)
          imports      files of leads, until every service has heard of them (--rows 10000,100000)
          idle         what the system takes while nobody uses it (--seconds 20)
          conversions  conversions one by one, each waited for to its end (--count 1000, --concurrency 16, --warm 1000)
          bulk         one bulk conversion (--count 4000, --warm 1000)
          day          an organisation's day, all kinds of requests at once (--requests 100000, --minutes 15)
          overload     where the knee is, and what becomes of twice as much (--seconds 60)
          acknowledge  leads at a constant rate; --file F notes each that was acknowledged (--rate 50, --seconds 60)
          returned     how many of these a system has that was restored (--file F, --until TIME where that was restored)
          bare         the least that a service can do, for `limits` (--url http://127.0.0.1:PORT)
          sink         a collector that keeps nothing, for a system started with --telemetry URL (--url http://127.0.0.1:PORT)
        options of all
          --data DIR   data folder of the running system (default .leadcrm)
          --report F   also writes the table to this file
        """);
    return 0;
}

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
if (args[0] == "sink")
{
    await TelemetrySink.Run(new Uri(options["--url"]));
    return 0;
}
var system = new MeasuredSystem(options.GetValueOrDefault("--data", ".leadcrm"));
TimeSpan Seconds(string name, string otherwise) => TimeSpan.FromSeconds(Math.Clamp(int.Parse(options.GetValueOrDefault(name, otherwise)), 1, 600));
int Warm() => Math.Clamp(int.Parse(options.GetValueOrDefault("--warm", "1000")), 1, 10_000);
int[] Numbers(string name, string otherwise, int most) => options.GetValueOrDefault(name, otherwise).Split(',').Select(text => Math.Clamp(int.Parse(text), 1, most)).ToArray();
var report = new Report("Load: what one machine does", options.GetValueOrDefault("--report"));
if (args[0] is "limits" or "requests" or "creates" or "imports" or "idle" or "day" or "overload") report.Begin($"`LeadCrm.Load {args[0]}{string.Concat(options.Where(o => o.Key is not ("--data" or "--report" or "--bare")).Select(o => $" {o.Key} {o.Value}"))}`");

switch (args[0])
{
    case "seed":
        await Seeder.Run(system, Size.Of(options.GetValueOrDefault("--size", "small")));
        return 0;
    case "limits":
        await Limits.Run(system, report, options.TryGetValue("--bare", out var bare) ? new Uri(bare) : null, 16, Seconds("--seconds", "5"));
        return 0;
    case "requests":
        await Requests.Run(system, report, new RequestOptions(
            Numbers("--concurrency", "1,16,64", 256), Seconds("--warm-up", "12"), Seconds("--seconds", "8"), options.GetValueOrDefault("--open") != "no", options.GetValueOrDefault("--only")));
        return 0;
    case "creates":
        await Creates.Run(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--rate", "600")), 1, 10_000), Seconds("--seconds", "300"));
        return 0;
    case "imports":
        foreach (var rows in Numbers("--rows", "10000,100000", 1_000_000)) await Imports.Run(system, report, rows);
        return 0;
    case "idle":
        await Idle.Run(system, report, Seconds("--seconds", "20"));
        return 0;
    case "conversions":
        await Conversions.Single(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--count", "1000")), 1, 10_000), Warm(),
                Math.Clamp(int.Parse(options.GetValueOrDefault("--concurrency", "16")), 1, 64));
        return 0;
    case "bulk":
        await Conversions.Bulk(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--count", "4000")), 1, 10_000), Warm());
        return 0;
    case "day":
        await Day.Run(system, report, Math.Clamp(int.Parse(options.GetValueOrDefault("--requests", "100000")), 100, 1_000_000),
            TimeSpan.FromMinutes(Math.Clamp(int.Parse(options.GetValueOrDefault("--minutes", "15")), 1, 60)));
        return 0;
    case "overload":
        await Overload.Run(system, report, Seconds("--seconds", "60"));
        return 0;
    case "acknowledge":
        await Acknowledged.Write(system, options["--file"], Math.Clamp(int.Parse(options.GetValueOrDefault("--rate", "50")), 1, 1_000), Seconds("--seconds", "60"));
        return 0;
    case "returned":
        return await Acknowledged.Compare(system, options["--file"], options.TryGetValue("--until", out var until) ? DateTime.Parse(until, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null) ? 0 : 1;
    case "bare":
        await Bare.Run(options["--url"], system.Database("leads-db"));
        return 0;
    default:
        Console.Error.WriteLine($"'{args[0]}' is not a measurement; see --help.");
        return 2;
}

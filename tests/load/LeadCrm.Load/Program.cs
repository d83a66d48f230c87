using LeadCrm.Load;

// Measures a running system through its gateway and prints Markdown tables. Bounded in count and time, loopback only.
if (args is [] or ["--help", ..])
{
    Console.WriteLine("""
        usage: dotnet run -c Release --project tests/load/LeadCrm.Load -- conversions [--data DIR] [--count 400] [--concurrency 16]
          --data DIR       data folder of the running system (default .leadcrm)
          --count N        leads to convert (at most 5000)
          --concurrency N  requests under way at once
        """);
    return 0;
}

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
var system = new MeasuredSystem(options.GetValueOrDefault("--data", ".leadcrm"));
var count = Math.Clamp(int.Parse(options.GetValueOrDefault("--count", "400")), 1, 5_000);
var concurrency = Math.Clamp(int.Parse(options.GetValueOrDefault("--concurrency", "16")), 1, 64);

switch (args[0])
{
    case "conversions":
        await Conversions.Run(system, count, concurrency);
        return 0;
    default:
        Console.Error.WriteLine($"'{args[0]}' is not a measurement; see --help.");
        return 2;
}

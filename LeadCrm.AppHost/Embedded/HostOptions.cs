using System.Globalization;

namespace LeadCrm.AppHost.Embedded;

/// <summary>What one run of the embedded host was asked for.</summary>
internal sealed record HostOptions
{
    public const string Help = """
        LeadCrm.AppHost [options]
          --data DIR         data folder (default: .leadcrm in the checkout, or LEADCRM_DATA)
          --bin DIR          run what was published into DIR (default: each project's build output)
          --sample-data      sample users, and sample records the first time
          --sample-users     sample users only
          --replicas N       every service and the gateway in N copies, 1 to 8 (default: 1)
          --no-dashboard     without the Aspire dashboard
          --telemetry URL    sends traces, metrics and logs to a collector of your own (OTLP over gRPC) instead of the dashboard, which is left out
          --backup DIR       backs up what runs with the data folder, and ends; from then on the write-ahead log goes to DIR too
          --keep N           so many base back-ups are kept (default: 3)
          --restore DIR      starts with what was backed up to DIR
          --until TIME       the point in time to restore, such as 2026-11-27T11:00:00Z (default: all there is)
          --force            replaces what the data folder holds
          --reconcile        has the services that run with the data folder agree again, and ends
          --check            only says how they differ, and ends
          --test-servers     only PostgreSQL and RabbitMQ, with the management plug-in, for tests
          --no-fsync         faster and not durable: for tests only
          --stop-with-stdin  stop when standard input is closed
          --stop-when-unused SECONDS   stop when no test run has held a lease for that long
          --help             this text
        """;

    public required string Root { get; init; }

    public required string DataFolder { get; init; }

    public string? Binaries { get; init; }

    public bool Dashboard { get; init; } = true;

    /// <summary>A collector that takes the dashboard's place.</summary>
    public Uri? Telemetry { get; init; }

    public bool Durable { get; init; } = true;

    public int MaxConnections { get; init; } = 160;

    public bool StopWithStandardInput { get; init; }

    public TimeSpan? StopWhenUnused { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Where to back up what runs, instead of starting anything.</summary>
    public string? Backup { get; init; }

    public int KeepBases { get; init; } = 3;

    public string? RestoreFrom { get; init; }

    public DateTimeOffset? RestoreUntil { get; init; }

    public bool Force { get; init; }

    /// <summary>Have services that run agree again, or only look whether they do, instead of starting anything.</summary>
    public bool Reconcile { get; init; }

    public bool Check { get; init; }

    public string AppHostDirectory => Path.Combine(Root, "LeadCrm.AppHost");

    public static HostOptions Parse(IReadOnlyList<string> args)
    {
        var root = Environment.GetEnvironmentVariable("LEADCRM_HOME") ?? FindRoot(AppContext.BaseDirectory);
        var options = new HostOptions
        {
            Root = root,
            DataFolder = Environment.GetEnvironmentVariable("LEADCRM_DATA") is { Length: > 0 } fromEnvironment
                ? Path.GetFullPath(fromEnvironment)
                : Path.Combine(root, ".leadcrm"),
        };
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => i + 1 < args.Count ? args[++i] : throw new HostException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--data" => options with { DataFolder = Path.GetFullPath(Value()) },
                "--bin" => options with { Binaries = Path.GetFullPath(Value()) },
                "--no-dashboard" => options with { Dashboard = false },
                "--telemetry" => options with { Dashboard = false, Telemetry = Uri.TryCreate(Value(), UriKind.Absolute, out var to) ? to : throw new HostException("--telemetry is a URL such as http://127.0.0.1:4317.") },
                "--no-fsync" => options with { Durable = false },
                "--stop-with-stdin" => options with { StopWithStandardInput = true },
                "--stop-when-unused" => options with { StopWhenUnused = TimeSpan.FromSeconds(int.Parse(Value())) },
                "--backup" => options with { Backup = Path.GetFullPath(Value()) },
                "--keep" => options with { KeepBases = int.TryParse(Value(), out var keep) && keep is >= 1 and <= 1000 ? keep : throw new HostException("--keep is a number from 1 to 1000.") },
                "--restore" => options with { RestoreFrom = Path.GetFullPath(Value()) },
                "--until" => options with { RestoreUntil = DateTimeOffset.TryParse(Value(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) ? until : throw new HostException("--until is a time such as 2026-11-27T11:00:00Z.") },
                "--force" => options with { Force = true },
                "--reconcile" => options with { Reconcile = true },
                "--check" => options with { Check = true },
                "--help" => options with { ShowHelp = true },
                "--test-servers" => options with { Dashboard = false, MaxConnections = 600 },   // what it adds to the model, Program.cs decides
                "--sample-data" or "--sample-users" => options,
                "--replicas" => int.TryParse(Value(), out var copies) && copies is >= 1 and <= 8 ? options : throw new HostException("--replicas is a number from 1 to 8."),
                var unknown => throw new HostException($"Unknown option {unknown}.\n{Help}"),
            };
        }

        return options;
    }

    /// <summary>The checkout: the folder above the running assembly that holds the solution.</summary>
    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LeadCrm.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("LeadCrm.sln was not found above the application host: set LEADCRM_HOME to the checkout.");
    }
}

namespace LeadCrm.AppHost.Embedded;

/// <summary>What one run of the embedded host was asked for.</summary>
internal sealed record HostOptions
{
    public const string Help = """
        LeadCrm.AppHost [options]
          --data DIR         data folder (default: .leadcrm in the checkout, or LEADCRM_DATA)
          --bin DIR          run published services: DIR/PROJECT/PROJECT.dll (default: each project's build output)
          --sample-data      load sample data the first time
          --no-dashboard     without the Aspire dashboard
          --test-servers     only PostgreSQL and RabbitMQ, not durable, for tests
          --no-fsync         faster and not durable: for tests only
          --stop-with-stdin  stop when standard input is closed
          --help             this text
        """;

    public required string Root { get; init; }

    public required string DataFolder { get; init; }

    public string? Binaries { get; init; }

    public bool Dashboard { get; init; } = true;

    public bool Durable { get; init; } = true;

    public bool StopWithStandardInput { get; init; }

    public bool ShowHelp { get; init; }

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
                "--no-fsync" => options with { Durable = false },
                "--stop-with-stdin" => options with { StopWithStandardInput = true },
                "--help" => options with { ShowHelp = true },
                "--sample-data" or "--test-servers" => options,   // Program.cs decides what these add to the model
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

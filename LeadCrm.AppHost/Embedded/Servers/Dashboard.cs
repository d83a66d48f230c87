using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded.Servers;

/// <summary>The Aspire dashboard, standalone, from the Aspire CLI's npm package: traces, metrics and logs of every service.</summary>
internal sealed class Dashboard(string root, int port, int grpcPort, int httpPort, Secrets secrets)
{
    /// <summary>What its process and port are called.</summary>
    public const string Name = "dashboard";

    private const string Program = "node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire";

    private readonly string _apiKey = secrets.Password("dashboard-otlp-key");
    private readonly string _token = secrets.Password("dashboard-token");

    public string LoginUrl => $"http://127.0.0.1:{port}/login?t={_token}";

    /// <summary>What a service needs to send its telemetry here, in OpenTelemetry's own variables.</summary>
    public IReadOnlyDictionary<string, string> ExporterEnvironment => new Dictionary<string, string>(ExporterTo(new Uri($"http://127.0.0.1:{grpcPort}")))
    {
        ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_apiKey}",
    };

    /// <summary>The same for a collector that asks for no key.</summary>
    public static IReadOnlyDictionary<string, string> ExporterTo(Uri collector) => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "10000",
    };

    public ProcessPlan Plan(HttpClient http) => new(Name, _ => Task.FromResult(Launch()))
    {
        Probe = async ct =>
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/login"), HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode;
        },
        StopPatience = TimeSpan.FromSeconds(5),
    };

    private Launch Launch()
    {
        var program = Path.Combine(root, Program);
        if (!File.Exists(program))
        {
            throw new HostException($"The Aspire dashboard is missing ({program}). Run: npm ci, or start with --no-dashboard");
        }

        // Its first start unpacks itself under its home, once for all data folders of this checkout.
        var home = Path.Combine(root, "node_modules", ".cache", "aspire");
        Directory.CreateDirectory(home);
        return new Launch(program,
        [
            "dashboard", "run", "--frontend-url", $"http://127.0.0.1:{port}", "--otlp-grpc-url", $"http://127.0.0.1:{grpcPort}",
            "--otlp-http-url", $"http://127.0.0.1:{httpPort}", "--non-interactive", "--nologo", "--log-level", "Warning",
        ])
        {
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = home,
                ["NO_COLOR"] = "1",
                ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
                ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = _apiKey,
                ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
                ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = _token,
                // It keeps 10,000 of each in memory by default, over a gigabyte of traces like ours.
                ["DASHBOARD__TELEMETRYLIMITS__MAXTRACECOUNT"] = "1000",
                ["DASHBOARD__TELEMETRYLIMITS__MAXLOGCOUNT"] = "2000",
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
                ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
            },
        };
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using Xunit;

namespace LeadCrm.EndToEnd.Tests;

/// <summary>
/// The whole system, as `./run.sh` starts it, on a data folder and ports of its own: PostgreSQL, RabbitMQ, every service and the gateway as
/// processes that can be killed one by one. Durable, because here a kill is the test.
/// </summary>
public class RunningSystem : IAsyncLifetime
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private readonly string data;
    private readonly List<string> output = [];
    private Process? host;

    public RunningSystem() : this(Path.Combine(Path.GetTempPath(), "leadcrm-e2e-" + Guid.NewGuid().ToString("N")[..8])) { }

    /// <summary>On a data folder that is there already, or is to be restored.</summary>
    protected RunningSystem(string data) => this.data = data;

    /// <summary>Options of the application host besides those that make it a test's.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    /// <summary>Environment variables of the host, and so of what it starts.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>();

    /// <summary>What is tested is built as the tests are.</summary>
    protected static string Configuration => AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static string Program => Path.Combine(Root(), "LeadCrm.AppHost", "bin", Configuration, "net10.0", "LeadCrm.AppHost.dll");

    /// <summary>Where a person's browser would go.</summary>
    public Uri Gateway => new(State()["urls"]!["gateway"]!.GetValue<string>());

    /// <summary>Where it keeps everything, as <c>LEADCRM_DATA</c> names it.</summary>
    public string DataFolder => data;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "--data", data, "--no-dashboard", "--sample-users", "--stop-with-stdin", .. Options])
        {
            RedirectStandardInput = true,   // the host stops when this process ends, however it ends
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        host = Process.Start(start)!;
        host.OutputDataReceived += (_, line) => Remember(line.Data);
        host.ErrorDataReceived += (_, line) => Remember(line.Data);
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        await Eventually("the system is ready", () => Task.FromResult(IsReady()), StartDeadline);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (host is null) return;
        host.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await host.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
        }
        host.Dispose();
        if (System.Environment.GetEnvironmentVariable("LEADCRM_KEEP_DATA") is null) Directory.Delete(data, recursive: true);
    }

    /// <summary>Signs in as one of the sample users, or as the administrator.</summary>
    public Task<GatewayClient> SignIn(string email = "rita.rep@example.com", CancellationToken ct = default) => SignIn(email, keepConnections: true, ct);

    /// <summary>The same, with a connection of its own for each request: as requests of many people come.</summary>
    public Task<GatewayClient> SignInWithoutKeepAlive(string email = "rita.rep@example.com", CancellationToken ct = default) => SignIn(email, keepConnections: false, ct);

    private async Task<GatewayClient> SignIn(string email, bool keepConnections, CancellationToken ct)
    {
        var secrets = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "secrets.json"), ct))!;
        var name = email.StartsWith("admin@", StringComparison.Ordinal) ? "admin-password" : "sample-password";
        return await GatewayClient.SignIn(Gateway, email, secrets[name]!.GetValue<string>(), keepConnections, ct);
    }

    /// <summary>The connection string that services get for a resource.</summary>
    public string ConnectionString(string name) => State()["connectionStrings"]![name]!.GetValue<string>();

    /// <summary>A connection to a service's database, to check what the API does not show.</summary>
    public async Task<NpgsqlConnection> Database(string name, CancellationToken ct = default)
    {
        var text = State()["connectionStrings"]![name]!.GetValue<string>();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    public async Task<T> Scalar<T>(string database, string sql, CancellationToken ct = default)
    {
        await using var connection = await Database(database, ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>kill -9, and the host notices and starts it again.</summary>
    public async Task Kill(string resource)
    {
        var pid = Pid(resource) ?? throw new InvalidOperationException($"{resource} is not running.");
        Process.GetProcessById(pid).Kill(entireProcessTree: true);
        await Eventually($"{resource} is back", () => Task.FromResult(Pid(resource) is { } now && now != pid && IsReady()), StartDeadline);
    }

    /// <summary>What an operator has done to the running system by a command: its exit code and what it said.</summary>
    public async Task<(int Code, string Said)> Command(IEnumerable<string> options, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "--data", data, .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var command = Process.Start(start)!;
        var said = Task.WhenAll(command.StandardOutput.ReadToEndAsync(ct), command.StandardError.ReadToEndAsync(ct));
        await command.WaitForExitAsync(ct);
        return (command.ExitCode, string.Concat(await said));
    }

    /// <summary>kill -9 of the host and of all that it has started, as when the power goes.</summary>
    public void KillEverything()
    {
        var processes = Processes().Values.ToArray();
        host!.Kill();
        host.WaitForExit();
        host.Dispose();
        host = null;
        foreach (var pid in processes)
            using (var process = Process.GetProcessById(pid)) process.Kill(entireProcessTree: true);
    }

    public static async Task Eventually(string what, Func<Task<bool>> condition, TimeSpan deadline)
    {
        var until = DateTime.UtcNow + deadline;
        while (!await condition())
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"Not within {deadline.TotalSeconds:0} s: {what}");
            await Task.Delay(100);
        }
    }

    /// <summary>The last lines that the system printed, for the message of a failed test.</summary>
    public string Tail(int lines = 60)
    {
        lock (output) return string.Join('\n', output.TakeLast(lines));
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "LeadCrm.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    public int? Pid(string resource) => State()["resources"]?[resource]?["pid"]?.GetValue<int>();

    /// <summary>How often the host has started it again.</summary>
    public int Restarts(string resource) => State()["resources"]![resource]!["restarts"]!.GetValue<int>();

    /// <summary>The processes that make up the system, by the host's names for them.</summary>
    public IReadOnlyDictionary<string, int> Processes() =>
        State()["resources"]!.AsObject().Where(r => r.Value!["pid"] is not null).ToDictionary(r => r.Key, r => r.Value!["pid"]!.GetValue<int>());

    /// <summary>How long it took until everything was healthy.</summary>
    public TimeSpan StartTime => TimeSpan.FromSeconds(State()["readyAfterSeconds"]!.GetValue<double>());

    private bool IsReady()
    {
        if (host!.HasExited) throw new InvalidOperationException($"The system ended with code {host.ExitCode}:\n{Tail()}");
        return State() is var state && state["hostPid"]?.GetValue<int>() == host.Id && state["ready"]?.GetValue<bool>() == true;   // a killed one leaves its file behind
    }

    private JsonNode State()
    {
        var path = Path.Combine(data, "state.json");
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))! : new JsonObject();
    }

    private void Remember(string? line)
    {
        if (line is null) return;
        lock (output)
        {
            output.Add(line);
            if (output.Count > 2_000) output.RemoveRange(0, 500);
        }
    }
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using LeadCrm.AppHost.Embedded;
using Npgsql;

namespace LeadCrm.Testing;

/// <summary>
/// One PostgreSQL server and one RabbitMQ node for all tests of this machine's user: <c>test.sh</c> starts them for its run
/// (<c>LEADCRM_TEST_SERVERS</c> names their data folder), otherwise the first test process that needs them does, others join, and they
/// stop by themselves when nobody has used them for a few minutes. They are not durable: data is lost when the machine crashes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as the process: a lease that is given back earlier would let the servers stop.")]
public sealed class TestServers
{
    private const string UnusedSeconds = "240";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<TestServers>> Shared = new(Join);

    private readonly IDisposable? _lease;
    private readonly HttpClient _management;
    private readonly Uri _broker;

    private TestServers(HostState state, IDisposable? lease)
    {
        _lease = lease;
        AdminConnectionString = state.ConnectionStrings["postgres"];
        _broker = new Uri(state.ConnectionStrings["rabbitmq"]);
        _management = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(state.Urls["rabbitmq-management"]) };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_broker.UserInfo)));
    }

    /// <summary>The superuser's connection to the database "postgres", unpooled.</summary>
    public string AdminConnectionString { get; }

    /// <summary>The servers, started or joined by the first call.</summary>
    public static Task<TestServers> Get() => Shared.Value;

    /// <summary>A connection string to one database, as superuser.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(AdminConnectionString)
    {
        Database = database, Pooling = true, MaxPoolSize = 20, IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Creates a virtual host and gives its address in the form of <c>ConnectionStrings__rabbitmq</c>.</summary>
    public async Task<string> CreateVirtualHost(string name)
    {
        using var answer = await _management.PutAsJsonAsync($"/api/vhosts/{name}", new { });
        answer.EnsureSuccessStatusCode();
        return new UriBuilder(_broker) { Path = name }.Uri.AbsoluteUri;
    }

    /// <summary>Removes a virtual host with its queues; connections to it are closed by the broker.</summary>
    public async Task DropVirtualHost(string name)
    {
        using var answer = await _management.DeleteAsync(new Uri($"/api/vhosts/{name}", UriKind.Relative));
    }

    internal async Task Execute(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TestServers> Join()
    {
        if (Environment.GetEnvironmentVariable("LEADCRM_TEST_SERVERS") is { Length: > 0 } given)
        {
            return new TestServers(Read(given) ?? throw new InvalidOperationException($"No test servers run in {given}."), lease: null);
        }

        var folder = Path.Combine(Path.GetTempPath(), $"leadcrm-test-servers-{Environment.UserName}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var deadline = DateTime.UtcNow + StartDeadline;
        while (DateTime.UtcNow < deadline)
        {
            using (var gate = Leases.TryEnter(folder))
            {
                if (gate is not null)
                {
                    var lease = Leases.Take(folder);
                    if (Read(folder) is { } state)
                    {
                        return new TestServers(state, lease);
                    }

                    if (IsFree(folder))
                    {
                        await Start(folder, deadline);
                        return new TestServers(Read(folder)!, lease);
                    }

                    await lease.DisposeAsync();   // the previous servers are just stopping
                }
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"The test servers in {folder} could not be joined.");
    }

    private static HostState? Read(string folder)
    {
        var path = Path.Combine(folder, "state.json");
        try
        {
            var state = JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            return state is { Ready: true } && Directory.Exists($"/proc/{state.HostPid}") ? state : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsFree(string folder)
    {
        try
        {
            using var stream = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Runs the application host from a copy, so that the next build does not overwrite what is running.</summary>
    private static async Task Start(string folder, DateTime deadline)
    {
        var copy = Path.Combine(folder, "program");
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        Directory.CreateDirectory(copy);
        var host = typeof(HostState).Assembly.GetName().Name!;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory)
            .Where(f => Path.GetFileName(f) is var name && (name.StartsWith(host + ".", StringComparison.Ordinal) || name is "Npgsql.dll" || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var info = new ProcessStartInfo("setsid", ["dotnet", "exec", Path.Combine(copy, $"{host}.dll"), "--test-servers", "--no-fsync", "--stop-when-unused", UnusedSeconds, "--data", folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { ["LEADCRM_HOME"] = Repository.Root },
        };
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        void Keep(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }

        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (Read(folder) is null)
        {
            if (process.HasExited || DateTime.UtcNow > deadline)
            {
                lock (output)
                {
                    throw new InvalidOperationException($"The test servers did not start:\n{output}");
                }
            }

            await Task.Delay(100);
        }
    }
}

internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The folder of a project, from the name of its assembly.</summary>
    public static string ProjectFolder(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        return new[] { "services", "gateway", "tools", "tests", "." }
            .Select(f => Path.Combine(Root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateDirectories(f).SelectMany(d => Directory.EnumerateDirectories(d).Prepend(d)))
            .FirstOrDefault(d => Path.GetFileName(d) == name && File.Exists(Path.Combine(d, $"{name}.csproj")))
            ?? throw new DirectoryNotFoundException($"The project {name} was not found below {Root}.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LeadCrm.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("LeadCrm.sln was not found above the tests.");
    }
}

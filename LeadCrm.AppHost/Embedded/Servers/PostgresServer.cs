using LeadCrm.AppHost.Embedded.Processes;
using Npgsql;

namespace LeadCrm.AppHost.Embedded.Servers;

/// <summary>How a PostgreSQL server is set up.</summary>
internal sealed record PostgresSettings
{
    /// <summary>False only for tests: a crash of the machine may then lose the data.</summary>
    public bool Durable { get; init; } = true;

    public int MaxConnections { get; init; } = 160;

    public string SharedBuffers { get; init; } = "512MB";
}

/// <summary>A PostgreSQL server of our own, on 127.0.0.1 only, run as an unprivileged account where we are root.</summary>
internal sealed class PostgresServer(int port, string password, PostgresSettings settings)
{
    /// <summary>Settings that can change while it runs; in the server's data.</summary>
    public const string OwnSettings = "postgresql.auto.conf";

    /// <summary>What archives nothing: the server throws its log away when it needs it no more.</summary>
    public const string NoArchive = "true";

    private const string SuperUser = "postgres";

    /// <summary>In every new database, because only a superuser may create some extensions and the services' users are none.</summary>
    private static readonly string[] Extensions = ["pg_trgm", "unaccent", "btree_gin", "citext"];

    private readonly Account? _account = Account.ForUnprivilegedServers();
    private PostgresBinaries? _binaries;
    private string? _data;

    public string AdminConnectionString => ConnectionString("postgres", SuperUser, password, "Pooling=false");

    private PostgresBinaries Binaries => _binaries ?? throw new InvalidOperationException("Locate comes first.");

    private string Data => _data ?? throw new InvalidOperationException("Locate comes first.");

    /// <summary>Finds the programs and the data: both must lie where the account that runs the server may go.</summary>
    public async Task Locate(string root, DataFolder folder, CancellationToken ct)
    {
        _data = await DataOf(folder, ct);
        _binaries = await PostgresBinaries.Find(root, _account, ct);
    }

    /// <summary>Where the server of an installation keeps its data.</summary>
    public static async Task<string> DataOf(DataFolder folder, CancellationToken ct) =>
        Account.ForUnprivilegedServers() is { } account && !await account.CanEnter(folder.Path, ct)
            ? Path.Combine(ReachableFolder.For(folder), "postgres")
            : folder.File("postgres");

    public string ConnectionString(string database, string user, string userPassword, string options = "") =>
        $"Host=127.0.0.1;Port={port};Database={database};Username={user};Password={userPassword};{options}";

    public ProcessPlan Plan(string name) => new(name, Prepare)
    {
        Probe = async ct => await Execute(AdminConnectionString, "select 1", ct) >= -1,
        StopSignal = Libc.SigInt,   // fast shutdown: do not wait for clients
    };

    /// <summary>The database and its user, who owns it and may connect to no other.</summary>
    public async Task EnsureDatabase(string database, string userPassword, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync(ct);
        async Task<bool> Exists(string query)
        {
            await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = database } } };
            return await command.ExecuteScalarAsync(ct) is not null;
        }

        // Names come from the model and passwords are letters and digits, but they are quoted all the same.
        var name = $"\"{database.Replace("\"", "\"\"")}\"";
        var secret = $"'{userPassword.Replace("'", "''")}'";
        var role = await Exists("select 1 from pg_roles where rolname = $1") ? "alter" : "create";
        await Execute(connection, $"{role} role {name} login nosuperuser nocreatedb nocreaterole password {secret}", ct);
        if (!await Exists("select 1 from pg_database where datname = $1"))
        {
            await Execute(connection, $"create database {name} owner {name}", ct);
        }

        await Execute(connection, $"revoke all on database {name} from public", ct);
    }

    private async Task<Launch> Prepare(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            await Initialise(ct);
        }

        RemoveStaleLock();
        await NameArchiveCommand(ct);
        return Server(
            "-D", Data,
            "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", $"max_connections={settings.MaxConnections}",
            "-c", $"shared_buffers={settings.SharedBuffers}",
            "-c", "effective_cache_size=4GB",
            "-c", "work_mem=16MB",
            "-c", "maintenance_work_mem=256MB",
            "-c", "wal_buffers=16MB",
            "-c", $"archive_mode={(settings.Durable ? "on" : "off")}",   // takes a restart to change; what it archives to does not
            "-c", "max_wal_size=4GB",
            "-c", "min_wal_size=512MB",
            "-c", "checkpoint_timeout=15min",
            "-c", "checkpoint_completion_target=0.9",
            "-c", "random_page_cost=1.1",
            "-c", "jit=off",                                // compiling a plan costs more than these queries
            "-c", "max_parallel_workers_per_gather=0",      // to start a helper takes ten milliseconds, and the machine has other requests for its cores
            "-c", "autovacuum_naptime=30s",                 // outbox and inbox tables turn over fast
            "-c", "autovacuum_analyze_scale_factor=0.25",   // at a tenth, young databases under a bulk job do little but count themselves
            "-c", "log_line_prefix=",
            "-c", "log_min_messages=warning",
            "-c", "log_min_duration_statement=2s",
            "-c", "log_checkpoints=off",
            "-c", "log_parameter_max_length=0",             // values are personal data
            "-c", "log_parameter_max_length_on_error=0",
            "-c", $"fsync={(settings.Durable ? "on" : "off")}",
            "-c", $"synchronous_commit={(settings.Durable ? "on" : "off")}",
            "-c", $"full_page_writes={(settings.Durable ? "on" : "off")}",
            "-c", "shared_preload_libraries=pg_stat_statements");
    }

    /// <summary>Made beside and renamed when complete, so that an interrupted first start leaves nothing half done.</summary>
    private async Task Initialise(CancellationToken ct)
    {
        var partial = $"{Data}.new";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial, DataFolder.PrivateFolder);
        var passwordFile = Path.Combine(Path.GetDirectoryName(partial)!, "postgres.password");
        DataFolder.WritePrivately(passwordFile, System.Text.Encoding.ASCII.GetBytes(password));
        try
        {
            if (_account is not null)
            {
                await _account.TakeOver(partial, ct);
                await _account.TakeOver(passwordFile, ct);
            }

            await Run(
                Binaries.InitDb,
                ["-D", partial, "-U", SuperUser, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", .. settings.Durable ? Array.Empty<string>() : ["--no-sync"]],
                input: null,
                ct);

            // Single-user mode needs no running server and no network.
            foreach (var (database, sql) in new[]
            {
                ("template1", string.Join('\n', Extensions.Select(e => $"create extension {e};").Append("revoke all on database template1 from public;"))),
                ("postgres", "create extension pg_stat_statements;\nrevoke all on database postgres from public;"),
            })
            {
                await Run(Binaries.Server, ["--single", "-j", "-D", partial, "-c", "shared_preload_libraries=pg_stat_statements", database], sql.Replace("\n", "\n\n") + "\n\n", ct);
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(partial, Data);
    }

    /// <summary>A server that is to archive and is not told how would keep its log for ever.</summary>
    private async Task NameArchiveCommand(CancellationToken ct)
    {
        var file = Path.Combine(Data, OwnSettings);
        if (!(await File.ReadAllTextAsync(file, ct)).Contains("archive_command", StringComparison.Ordinal))
        {
            await File.AppendAllTextAsync(file, $"archive_command = '{NoArchive}'\n", ct);
        }
    }

    /// <summary>
    /// After kill -9 the lock file names a process that is gone, or by now somebody else's, which PostgreSQL would believe.
    /// Our own left-over processes have been ended before, so a living process that is not a PostgreSQL server is a stranger.
    /// </summary>
    private void RemoveStaleLock()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid))
        {
            return;
        }

        var command = $"/proc/{pid}/comm";
        if (!File.Exists(command) || File.ReadAllText(command).Trim() != "postgres")
        {
            File.Delete(file);
        }
    }

    private Launch Server(params string[] arguments) => new(Binaries.Server, arguments)
    {
        RunAs = _account,
        Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8", ["TZ"] = "UTC" },
    };

    private async Task Run(string program, string[] arguments, string? input, CancellationToken ct)
    {
        var launch = Server(arguments) with { FileName = program };
        var output = await launch.RunToEnd(ct, input);
        if (input is not null && output.Contains("ERROR", StringComparison.Ordinal))
        {
            throw new HostException($"PostgreSQL could not be set up: {output}");
        }
    }

    private static async Task<int> Execute(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        return await Execute(connection, sql, ct);
    }

    private static async Task<int> Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Load.Traffic;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>A running system as its data folder describes it: where it is, which processes it has, what they have used so far.</summary>
internal sealed class MeasuredSystem(string dataFolder)
{
    public static readonly string[] Databases = ["leads-db", "accounts-db", "opportunities-db", "activities-db", "campaigns-db"];
    private readonly JsonNode state = JsonNode.Parse(File.ReadAllText(Path.Combine(dataFolder, "state.json")))!;

    /// <summary>Where clients go.</summary>
    public Uri Gateway => new(state["urls"]!["gateway"]!.GetValue<string>());

    /// <summary>A service's database.</summary>
    public string Database(string name) => state["connectionStrings"]![name]!.GetValue<string>();

    /// <summary>The same sign-in, for requests that are made byte by byte.</summary>
    public async Task<Caller> SignInToCall()
    {
        var cookies = new CookieContainer();
        using var client = await SignIn(cookies);
        return Caller.Of(Gateway, cookies, client.DefaultRequestHeaders.GetValues("X-CSRF-Token").Single());
    }

    /// <summary>Signs in as a sample user, or as the administrator where there is no sample data.</summary>
    public Task<HttpClient> SignIn() => SignIn(new CookieContainer());

    /// <summary>Signs in as the administrator, who may import.</summary>
    public async Task<HttpClient> SignInAsAdministrator() => await SignIn(new CookieContainer(), "admin@leadcrm.local", (await Secrets())["admin-password"]!);

    private async Task<HttpClient> SignIn(CookieContainer cookies)
    {
        var secrets = await Secrets();
        return secrets["sample-password"] is { } sample ? await SignIn(cookies, "rita.rep@example.com", sample) : await SignIn(cookies, "admin@leadcrm.local", secrets["admin-password"]!);
    }

    private async Task<HttpClient> SignIn(CookieContainer cookies, string email, JsonNode secret)
    {
        var handler = new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false, MaxConnectionsPerServer = 128 };
        var client = new HttpClient(handler) { BaseAddress = Gateway, Timeout = TimeSpan.FromSeconds(60) };
        (await client.PostAsJsonAsync("/api/session", new { email, password = secret.GetValue<string>() })).EnsureSuccessStatusCode();
        var session = await client.GetFromJsonAsync<JsonNode>("/api/session");
        client.DefaultRequestHeaders.Add("X-CSRF-Token", session!["antiForgeryToken"]!.GetValue<string>());
        return client;
    }

    private async Task<JsonNode> Secrets() => JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(dataFolder, "secrets.json")))!;

    /// <summary>What all processes and databases have used up to now.</summary>
    public async Task<Usage> Now()
    {
        var machine = MachineProcesses.Read();
        var cpu = new Dictionary<string, (double Seconds, double Megabytes)>();
        foreach (var (name, resource) in state["resources"]!.AsObject())
            if (resource!["pid"]?.GetValue<int>() is { } pid) cpu[name] = machine.OfTree(pid);
        cpu["load generator"] = machine.OfTree(Environment.ProcessId);

        long commits = 0, published = 0, consumed = 0;
        foreach (var database in Databases)
        {
            await using var connection = new NpgsqlConnection(state["connectionStrings"]![database]!.GetValue<string>() + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("""
                select (select xact_commit from pg_stat_database where datname = current_database()),
                       (select coalesce(last_value, 0) from pg_sequences where schemaname = 'platform' and sequencename = 'outbox_id_seq'),
                       (select count(*) from platform.inbox)
                """, connection);
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            commits += reader.GetInt64(0);
            published += reader.GetInt64(1);
            consumed += reader.GetInt64(2);
        }
        return new Usage(cpu, commits, published, consumed, await Statements());
    }

    /// <summary>The statements that cost the databases most since <see cref="Forget"/>: database, calls, milliseconds, text.</summary>
    public async Task<IReadOnlyList<(string Database, long Calls, double Milliseconds, string Text)>> Costliest(int most)
    {
        await using var server = await Server();
        await using var command = new NpgsqlCommand("""
            select d.datname, s.calls, s.total_exec_time, left(regexp_replace(s.query, '\s+', ' ', 'g'), 110)
            from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = any($1) order by s.total_exec_time desc limit $2
            """, server) { Parameters = { new() { Value = Databases }, new() { Value = most } } };
        await using var reader = await command.ExecuteReaderAsync();
        List<(string, long, double, string)> statements = [];
        while (await reader.ReadAsync()) statements.Add((reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2), reader.GetString(3)));
        return statements;
    }

    /// <summary>Statements are counted anew from here.</summary>
    public async Task Forget()
    {
        await using var server = await Server();
        await using var command = new NpgsqlCommand("select pg_stat_statements_reset()", server);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> Statements()
    {
        await using var server = await Server();
        await using var command = new NpgsqlCommand(
            "select coalesce(sum(s.calls), 0)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = any($1)", server) { Parameters = { new() { Value = Databases } } };
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The server's own user sees the statements of all.</summary>
    private async Task<NpgsqlConnection> Server()
    {
        var secrets = await Secrets();
        var settings = new NpgsqlConnectionStringBuilder(Database(Databases[0])) { Username = "postgres", Password = secrets["postgres-superuser"]!.GetValue<string>(), Database = "postgres", Pooling = false };
        var server = new NpgsqlConnection(settings.ConnectionString);
        await server.OpenAsync();
        await using var command = new NpgsqlCommand("create extension if not exists pg_stat_statements", server);
        await command.ExecuteNonQueryAsync();
        return server;
    }

    /// <summary>Waits until nothing is published or consumed any more.</summary>
    public async Task Quiet()
    {
        for (var last = await Now(); ;)
        {
            await Task.Delay(1_000);
            var now = await Now();
            if (now.Published == last.Published && now.Consumed == last.Consumed) return;
            last = now;
        }
    }
}

/// <summary>Totals at one moment; two of them make a measurement.</summary>
internal sealed record Usage(Dictionary<string, (double Seconds, double Megabytes)> Processes, long Commits, long Published, long Consumed, long Statements)
{
    /// <summary>CPU milliseconds that the processes with these names have used since an earlier moment.</summary>
    public double Milliseconds(Usage since, Func<string, bool> process) =>
        1000 * Processes.Where(p => process(p.Key)).Sum(p => p.Value.Seconds - since.Processes.GetValueOrDefault(p.Key).Seconds);
}

using System.Text.Json.Nodes;
using LeadCrm.Chaos.Load;
using Npgsql;

namespace LeadCrm.Chaos;

/// <summary>A running system as its data folder describes it: its processes, which come and go, and its databases.</summary>
public sealed class DisturbedSystem(string dataFolder)
{
    internal static readonly string[] Databases = ["identity-db", "leads-db", "accounts-db", "opportunities-db", "activities-db", "campaigns-db", "capture-db"];
    private static readonly string[] ServiceNames = [.. Databases.Select(database => database[..^"-db".Length])];
    private JsonNode state = new JsonObject();

    internal string DataFolder => dataFolder;

    internal Uri Gateway => new(State()["urls"]!["gateway"]!.GetValue<string>());

    /// <summary>Every process is there and answers its probe.</summary>
    internal bool IsHealthy => State()["ready"]!.GetValue<bool>();

    /// <summary>Its processes by the host's names for them; null for one that is down at the moment.</summary>
    internal IReadOnlyDictionary<string, int?> Processes() => State()["resources"]!.AsObject().ToDictionary(r => r.Key, r => r.Value!["pid"]?.GetValue<int>());

    /// <summary>The processes of the services, each copy of them.</summary>
    internal List<string> Services() => [.. Processes().Keys.Where(process => ServiceNames.Contains(process.TrimEnd([.. "-0123456789"]))).Order(StringComparer.Ordinal)];

    /// <summary>What is not healthy, with the state that its host gives it.</summary>
    internal IEnumerable<string> Unhealthy() => State()["resources"]!.AsObject().Where(r => r.Value!["state"]!.GetValue<string>() != "healthy").Select(r => $"{r.Key} is {r.Value!["state"]}");

    internal bool IsHealthyNow(string process) => State()["resources"]![process]!["state"]!.GetValue<string>() == "healthy";

    /// <summary>Where a process itself is reached, past gateway and balancer.</summary>
    internal Uri Url(string process) => new(State()["resources"]![process]!["url"]!.GetValue<string>());

    /// <summary>Where the broker listens, when it does.</summary>
    internal Uri BrokerUrl => new(State()["connectionStrings"]!["rabbitmq"]!.GetValue<string>());

    internal string ConnectionString(string database) => State()["connectionStrings"]![database]!.GetValue<string>();

    /// <summary>A connection of its own: pooled ones would die with the server.</summary>
    internal async Task<NpgsqlConnection> Connect(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false, Timeout = 10, CommandTimeout = 60 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>All rows of a query.</summary>
    internal async Task<List<T>> Read<T>(string database, string sql, Func<NpgsqlDataReader, T> row, params object[] values)
    {
        await using var connection = await Connect(database);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync()) rows.Add(row(reader));
        return rows;
    }

    internal async Task<long> Count(string database, string sql) => (await Read(database, sql, row => row.GetInt64(0)))[0];

    internal async Task<CarefulClient> SignIn(string email)
    {
        var secrets = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(dataFolder, "secrets.json")))!;
        var name = email.StartsWith("admin@", StringComparison.Ordinal) ? "admin-password" : "sample-password";
        return await CarefulClient.SignIn(Gateway, email, secrets[name]!.GetValue<string>());
    }

    /// <summary>Written anew at every change, by renaming: what can be read is whole.</summary>
    private JsonNode State()
    {
        var file = Path.Combine(dataFolder, "state.json");
        if (File.Exists(file)) state = JsonNode.Parse(File.ReadAllText(file))!;
        else if (state["hostPid"] is null) throw new InvalidOperationException($"No system runs with {dataFolder}.");
        else throw new InvalidOperationException("The system has stopped.");
        return state;
    }
}

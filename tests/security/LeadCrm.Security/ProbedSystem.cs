using System.Text.Json.Nodes;
using Npgsql;

namespace LeadCrm.Security;

/// <summary>
/// A running system as its data folder describes it, with everything that an attacker would have to steal first: the internal key, the key
/// that wraps the signing keys, the databases. What the probes know more than an attacker makes them stricter, never laxer.
/// </summary>
public sealed class ProbedSystem
{
    private static readonly string[] ServiceNames = ["identity", "leads", "accounts", "opportunities", "activities", "campaigns", "capture"];
    private readonly JsonNode state;
    private readonly JsonNode secrets;

    public ProbedSystem(string dataFolder)
    {
        state = JsonNode.Parse(File.ReadAllText(Path.Combine(dataFolder, "state.json")))!;
        secrets = JsonNode.Parse(File.ReadAllText(Path.Combine(dataFolder, "secrets.json")))!;
        Gateway = new Uri(state["urls"]!["gateway"]!.GetValue<string>());
        Services = ServiceNames.ToDictionary(name => name, name => new Uri(state["resources"]![name]!["url"]!.GetValue<string>()), StringComparer.Ordinal);
        foreach (var address in Services.Values.Append(Gateway))
            if (!address.IsLoopback) throw new InvalidOperationException($"{address} is not this machine: these probes attack, and only what runs here.");
    }

    /// <summary>Where clients go.</summary>
    public Uri Gateway { get; }

    /// <summary>Each service's own port, past the gateway.</summary>
    public IReadOnlyDictionary<string, Uri> Services { get; }

    public string InternalKey => secrets["internal-key"]!.GetValue<string>();

    public string DataKey => secrets["data-key"]!.GetValue<string>();

    public string AdministratorPassword => secrets["admin-password"]!.GetValue<string>();

    /// <summary>A connection to a service's database: for what only a thief of it could know, and to give records an owner that the API would not.</summary>
    public async Task<NpgsqlConnection> Database(string service, CancellationToken ct = default)
    {
        var text = state["connectionStrings"]![service + "-db"]!.GetValue<string>();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }
}

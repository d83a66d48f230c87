using LeadCrm.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>A database and a virtual host of a test's own; the broker is always, the database if wanted reached through a <see cref="Cable"/>.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private readonly TestServers servers;
    private readonly TestDatabase database;
    private readonly string virtualHost;
    private readonly Uri broker;

    private Ground(TestServers servers, TestDatabase database, string virtualHost, Uri broker, bool brokerAway, bool databaseThroughCable)
    {
        (this.servers, this.database, this.virtualHost, this.broker) = (servers, database, virtualHost, broker);
        BrokerCable = new Cable(broker.Host, broker.Port, brokerAway);
        Broker = new UriBuilder(broker) { Host = "127.0.0.1", Port = BrokerCable.Port }.Uri.AbsoluteUri;
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        if (databaseThroughCable)
        {
            DatabaseCable = new Cable(settings.Host!, settings.Port);
            (settings.Host, settings.Port) = ("127.0.0.1", DatabaseCable.Port);
        }
        Database = settings.ConnectionString;
    }

    public Cable BrokerCable { get; }
    public Cable? DatabaseCable { get; }
    public string Broker { get; }
    public string Database { get; }

    public static async Task<Ground> Create(bool brokerAway = false, bool databaseThroughCable = false)
    {
        var servers = await TestServers.Get();
        var database = await TestDatabase.Create(servers, "messaging");
        await database.Execute(TestDb.Schema);
        var virtualHost = $"messaging-{Guid.NewGuid():N}";
        return new Ground(servers, database, virtualHost, new Uri(await servers.CreateVirtualHost(virtualHost)), brokerAway, databaseThroughCable);
    }

    /// <summary>What a restart of PostgreSQL does to every connection (57P01).</summary>
    public Task TerminateConnections() =>
        database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

    /// <summary>The same for one connection, which is gone afterwards.</summary>
    public Task TerminateConnection(int backend) => database.Execute("select pg_terminate_backend($1, 10000)", backend);

    /// <summary>A channel straight to the broker, past everything that is tested.</summary>
    public async Task<(IConnection Connection, IChannel Channel)> OpenChannel()
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        return (connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true)));
    }

    public async ValueTask DisposeAsync()
    {
        await BrokerCable.DisposeAsync();
        if (DatabaseCable is not null) await DatabaseCable.DisposeAsync();
        await servers.DropVirtualHost(virtualHost);
        await database.DisposeAsync();
    }
}

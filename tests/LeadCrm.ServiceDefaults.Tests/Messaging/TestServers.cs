using Npgsql;
using RabbitMQ.Client;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>A database of one's own and the broker, which may be reached through a <see cref="Cable"/>.</summary>
internal sealed class TestServers : IAsyncDisposable
{
    private static string Pg => Environment.GetEnvironmentVariable("LEADCRM_TEST_PG") ?? "Host=127.0.0.1;Port=55439;Username=postgres";
    private static string Mq => Environment.GetEnvironmentVariable("LEADCRM_TEST_MQ") ?? "amqp://dev:dev@127.0.0.1:56739";

    /// <summary>The service's name in this test: its queues are its own.</summary>
    public string Name { get; } = "t" + Guid.NewGuid().ToString("N")[..10];
    public required string Database { get; init; }
    public Cable? DatabaseCable { get; init; }
    public required Cable BrokerCable { get; init; }

    public string Broker => new UriBuilder(Mq) { Host = "127.0.0.1", Port = BrokerCable.Port }.Uri.ToString();

    public static async Task<TestServers> Create(bool brokerAway = false, bool databaseThroughCable = false)
    {
        var name = "t" + Guid.NewGuid().ToString("N")[..12];
        await Execute("postgres", $"create database {name}");
        await Execute(name, TestDb.Schema);
        var settings = new NpgsqlConnectionStringBuilder(Pg) { Database = name };
        var broker = new Uri(Mq);
        var cable = databaseThroughCable ? new Cable(settings.Host!, settings.Port) : null;
        if (cable is not null) (settings.Host, settings.Port) = ("127.0.0.1", cable.Port);
        return new TestServers
        {
            Database = settings.ConnectionString, DatabaseCable = cable, BrokerCable = new Cable(broker.Host, broker.Port, brokerAway),
        };
    }

    /// <summary>What a restart of PostgreSQL does to every connection (57P01).</summary>
    public Task TerminateConnections() => Execute("postgres",
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{new NpgsqlConnectionStringBuilder(Database).Database}'");

    private static async Task Execute(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{Pg};Database={database};Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A channel straight to the broker, past everything that is tested.</summary>
    public static async Task<(IConnection Connection, IChannel Channel)> OpenChannel()
    {
        var connection = await new ConnectionFactory { Uri = new Uri(Mq) }.CreateConnectionAsync();
        return (connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true)));
    }

    public async ValueTask DisposeAsync()
    {
        await BrokerCable.DisposeAsync();
        // An orphaned queue would go on collecting what later tests publish.
        var (connection, channel) = await OpenChannel();
        await using (connection)
            foreach (var queue in new[] { "noted", "answered", "asked", "deal-state", "user-changed", "team-changed", "session-revoked", "dead" })
                await channel.QueueDeleteAsync($"{Name}-{queue}");
        if (DatabaseCable is not null) await DatabaseCable.DisposeAsync();
    }
}

using Aspire.Hosting;
using LeadCrm.AppHost.Embedded;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>A server with two databases, started once for these tests.</summary>
public sealed class TwoDatabases : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private DistributedApplication? _app;

    public string One { get; private set; } = "";

    public string Two { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var model = DistributedApplication.CreateBuilder(["--data", _scratch["data"], "--no-dashboard", "--no-fsync"]);
        var postgres = model.AddPostgres("postgres", port: 5620).WithDataVolume();
        postgres.AddDatabase("one-db");
        postgres.AddDatabase("two-db");
        _app = model.Build();
        await _app.StartAsync();
        var state = System.Text.Json.JsonSerializer.Deserialize<HostState>(await File.ReadAllBytesAsync(_scratch["data/state.json"]), System.Text.Json.JsonSerializerOptions.Web)!;
        (One, Two) = (state.ConnectionStrings["one-db"], state.ConnectionStrings["two-db"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _scratch.Dispose();
    }
}

public sealed class DatabasesTests(TwoDatabases databases) : IClassFixture<TwoDatabases>
{
    [Fact]
    public async Task A_services_user_owns_its_database_and_may_not_connect_to_another_one()
    {
        (await Scalar(databases.One, "select current_user::text")).ShouldBe("one-db");
        await Scalar(databases.One, "create schema platform; create table platform.things (id uuid primary key)");

        var elsewhere = new NpgsqlConnectionStringBuilder(databases.One) { Database = "two-db" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(() => Scalar(elsewhere, "select 1"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        foreach (var server in new[] { "postgres", "template1" })
        {
            var maintenance = new NpgsqlConnectionStringBuilder(databases.One) { Database = server }.ConnectionString;
            (await Should.ThrowAsync<PostgresException>(() => Scalar(maintenance, "select 1"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task A_services_user_is_no_superuser()
    {
        (await Scalar(databases.One, "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user")).ShouldBe(false);
    }

    [Theory]
    [InlineData("pg_trgm"), InlineData("unaccent"), InlineData("btree_gin"), InlineData("citext")]
    public async Task The_extensions_that_services_use_are_there(string extension)
    {
        (await Scalar(databases.Two, $"select count(*) from pg_extension where extname = '{extension}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Only_this_machine_can_connect()
    {
        (await Scalar(databases.One, "show listen_addresses")).ShouldBe("127.0.0.1");
    }

    private static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

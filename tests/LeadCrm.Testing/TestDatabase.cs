using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadCrm.Testing;

/// <summary>A database of a test's own, cloned from a template that was migrated once.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestServers _servers;
    private readonly string _name;

    private TestDatabase(TestServers servers, string name)
    {
        _servers = servers;
        _name = name;
        ConnectionString = servers.ConnectionString(name);
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 8 });
    }

    /// <summary>As the service gets it.</summary>
    public string ConnectionString { get; }

    /// <summary>For what a test wants to see or prepare without the service.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>An empty database.</summary>
    public static async Task<TestDatabase> Create(TestServers servers, string prefix, string template = "template1")
    {
        var name = $"{prefix}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        await servers.Execute($"create database \"{name}\" template \"{template}\"");
        return new TestDatabase(servers, name);
    }

    /// <summary>
    /// The template for <paramref name="version"/>: brought about by <paramref name="migrate"/> unless some test process did before.
    /// </summary>
    public static async Task<string> Template(TestServers servers, string prefix, string version, Func<string, Task> migrate)
    {
        var name = $"template_{prefix}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)))[..12]}";
        await using var connection = new NpgsqlConnection(servers.AdminConnectionString);
        await connection.OpenAsync();
        async Task<bool> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
            return await command.ExecuteScalarAsync() is true;
        }

        // Held by this connection until it closes: one process migrates, the others wait for it.
        await Ask($"select pg_advisory_lock(hashtextextended('{name}', 0)) is not null");
        if (!await Ask($"select exists (select from pg_database where datname = '{name}')"))
        {
            await Ask($"drop database if exists \"{name}_new\" with (force)");
            await Ask($"create database \"{name}_new\"");
            await migrate(servers.ConnectionString($"{name}_new"));
            await Ask($"select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where datname = '{name}_new'");
            await Eventually.Is(() => Ask($"select not exists (select from pg_stat_activity where datname = '{name}_new')"), "the template is left alone");
            await Ask($"alter database \"{name}_new\" rename to \"{name}\"");
        }

        return name;
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> Scalar<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs a statement; <c>$1</c> and so on are its parameters.</summary>
    public async Task<int> Execute(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _servers.Execute($"drop database if exists \"{_name}\" with (force)");
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}

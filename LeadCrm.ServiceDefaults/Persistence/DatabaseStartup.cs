using System.Data;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using LeadCrm.ServiceDefaults.Health;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Whether the database has been brought to this version; health and background work wait for it.</summary>
public sealed class DatabaseReady : IStartCondition
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once migrations are through.</summary>
    public bool IsReady => done.Task.IsCompletedSuccessfully;

    /// <summary>Completes when migrations are through.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => done.Task.WaitAsync(cancellationToken);

    string IStartCondition.Name => "migrations";
    Task IStartCondition.Met => done.Task;

    internal void Set() => done.TrySetResult();
}

/// <summary>
/// Brings the database to this version before anything else uses it: platform scripts, then the service's EF migrations, once across
/// all replicas (a session-level advisory lock on a connection of its own). A database that is not there yet is waited for.
/// </summary>
internal sealed class DatabaseStartup<TDb>(
    IServiceProvider services, NpgsqlDataSource dataSource, DatabaseReady ready, ILogger<DatabaseStartup<TDb>> log)
    : BackgroundService where TDb : DbContext
{
    private const long MigrationLock = 0x4C656164_43726D01;

    /// <summary>An index over millions of rows takes minutes; half a minute, as for other commands, would end in trying again for ever.</summary>
    private static readonly TimeSpan MigrationPatience = TimeSpan.FromHours(1);

    /// <summary>Less than the second after which PostgreSQL looks for deadlocks.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Migrate(stoppingToken);
                ready.Set();
                return;
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The database cannot be migrated yet ({Reason}); trying again in a second", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    internal async Task Migrate(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await Execute(connection, $"select pg_advisory_lock({MigrationLock})", ct);
        try
        {
            await ApplyScripts(connection, ct);
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TDb>();
            // Asked for a table that is not there, the database would log an error on every first start.
            await db.GetInfrastructure().GetRequiredService<IHistoryRepository>().CreateIfNotExistsAsync(ct);
            // EF's own Migrate() takes a table lock and builds the differ; asking for pending ones first keeps an ordinary start cheap.
            if (!(await db.Database.GetPendingMigrationsAsync(ct)).Any()) return;
            db.Database.SetCommandTimeout(MigrationPatience);
            await db.GetInfrastructure().GetRequiredService<IMigrator>().MigrateAsync(cancellationToken: ct);
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    /// <summary>
    /// Only those that are not there as they are now: what a script finds done already it locks all the same, table after table, while other copies work. And where one has to be
    /// applied under load, it gives way before the database takes it and a request for a deadlock, and is tried again in a second.
    /// </summary>
    private static async Task ApplyScripts(NpgsqlConnection connection, CancellationToken ct)
    {
        await Execute(connection, "create schema if not exists platform; create table if not exists platform.applied_scripts (name text primary key, hash text not null)", ct);
        foreach (var (name, script) in PlatformScripts())
        {
            var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
            await using (var applied = new NpgsqlCommand("select hash from platform.applied_scripts where name = $1", connection) { Parameters = { new() { Value = name } } })
                if (await applied.ExecuteScalarAsync(ct) is string known && known == hash) continue;
            try
            {
                await Execute(connection, $"set lock_timeout = '{LockPatience.TotalMilliseconds}ms'", ct);
                await Execute(connection, script, ct);
            }
            finally
            {
                if (connection.State == ConnectionState.Open) await Execute(connection, "reset lock_timeout", CancellationToken.None);
            }
            await using var note = new NpgsqlCommand("insert into platform.applied_scripts (name, hash) values ($1, $2) on conflict (name) do update set hash = excluded.hash", connection)
            {
                Parameters = { new() { Value = name }, new() { Value = hash } },
            };
            await note.ExecuteNonQueryAsync(ct);
        }
    }

    private static IEnumerable<(string Name, string Text)> PlatformScripts()
    {
        var assembly = typeof(DatabaseReady).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>How long deleted records can be brought back (section <c>RecycleBin</c>).</summary>
public sealed class RecycleBinOptions
{
    /// <summary>After this time in the recycle bin a record is gone for good.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often it is looked for such records.</summary>
    public TimeSpan PurgeEvery { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>
/// Empties the recycle bin of what has been in it for too long (PM7): every kind of record that the service deletes softly, with its
/// field history. One replica at a time, a commit per record; what another record still points to stays until that one is gone.
/// </summary>
internal sealed class RecycleBinPurge<TDb>(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, DatabaseReady ready, IOptions<RecycleBinOptions> options, TimeProvider clock, ILogger<RecycleBinPurge<TDb>> log)
    : BackgroundService where TDb : DbContext
{
    private const long PurgeLock = 0x4C656164_50757267;
    private const int Batch = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.PurgeEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await dataSource.DoAlone(PurgeLock, connection => Run(connection, stoppingToken), stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogWarning("The recycle bin could not be emptied ({Reason}); trying again in {Period}", ex.Message, options.Value.PurgeEvery);
            }
        }
    }

    private async Task Run(NpgsqlConnection connection, CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Value.KeepFor;
        foreach (var table in Tables())
            if (await Purge(connection, table, before, ct) is var count and > 0) log.LogInformation("{Count} of {Table} left the recycle bin for good", count, table);
    }

    private List<string> Tables()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<TDb>().Model.GetEntityTypes()
            .Where(type => typeof(ISoftDeleted).IsAssignableFrom(type.ClrType) && typeof(ITracked).IsAssignableFrom(type.ClrType) && type.GetTableName() is not null)
            .Select(type => type.GetTableName()!).Distinct(StringComparer.Ordinal)];   // several kinds of record may share a table
    }

    private static async Task<int> Purge(NpgsqlConnection connection, string table, DateTimeOffset before, CancellationToken ct)
    {
        var (purged, after) = (0, Guid.Empty);
        while (true)
        {
            var due = new List<Guid>();
            await using (var find = new NpgsqlCommand($"select id from {table} where deleted_at < $1 and id > $2 order by id limit {Batch}", connection))
            {
                find.Parameters.Add(new() { Value = before });
                find.Parameters.Add(new() { Value = after });
                await using var reader = await find.ExecuteReaderAsync(ct);
                while (await reader.ReadAsync(ct)) due.Add(reader.GetGuid(0));
            }
            if (due.Count == 0) return purged;
            after = due[^1];
            foreach (var id in due) purged += await PurgeOne(connection, table, id, before, ct);
        }
    }

    private static async Task<int> PurgeOne(NpgsqlConnection connection, string table, Guid id, DateTimeOffset before, CancellationToken ct)
    {
        // Asked again in the statement itself: somebody may just have restored it.
        await using var purge = new NpgsqlCommand($"""
            with gone as (delete from {table} where id = $1 and deleted_at < $2 returning id),
                 past as (delete from platform.field_history where record_id in (select id from gone))
            select count(*) from gone
            """, connection);
        purge.Parameters.Add(new() { Value = id });
        purge.Parameters.Add(new() { Value = before });
        try
        {
            return Convert.ToInt32(await purge.ExecuteScalarAsync(ct), null);
        }
        catch (PostgresException referenced) when (referenced.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return 0;
        }
    }
}

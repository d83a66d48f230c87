using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// What takes longer than a request: builds the indexes of indexed fields and drops those that are no longer wanted, while everybody goes
/// on working; and purges fields that were deleted as long ago as the recycle bin keeps things, with their values. One replica at a time.
/// </summary>
internal sealed class CustomFieldUpkeep(
    NpgsqlDataSource dataSource, CustomFieldCache cache, DatabaseReady ready, IEnumerable<CustomRecord> records, IOptions<RecycleBinOptions> recycleBin, TimeProvider clock, ILogger<CustomFieldUpkeep> log)
    : BackgroundService
{
    private const long UpkeepLock = 0x4C656164_43757374;
    private const string IndexPrefix = "ix_custom_";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await dataSource.DoAlone(UpkeepLock, connection => Run(connection, stoppingToken), stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogWarning("The upkeep of custom fields did not get through ({Reason}); it is tried again", ex.Message);
            }
            await cache.Changed.Wait(recycleBin.Value.PurgeEvery, stoppingToken);
        }
    }

    private async Task Run(NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var record in records) await Keep(connection, record, ct);
    }

    private async Task Keep(NpgsqlConnection connection, CustomRecord record, CancellationToken ct)
    {
        var fields = cache.Of(record.Type);
        var wanted = fields.Active.Where(f => f.IsIndexed).ToDictionary(IndexName, StringComparer.Ordinal);
        foreach (var (name, isValid) in await Indexes(connection, record.Table, ct))
        {
            if (isValid && wanted.Remove(name)) continue;
            await Execute(connection, $"drop index concurrently if exists {name}", ct);
        }
        foreach (var (name, field) in wanted)
        {
            await Execute(connection, $"create index concurrently if not exists {name} on {record.Table} ({CustomSql.Index(field.Key, CustomType.Of(field.Type).Column)}, id)", ct);
            log.LogInformation("The index of custom field {Key} of {Records} is built", field.Key, record.Plural);
        }

        var before = clock.GetUtcNow() - recycleBin.Value.KeepFor;
        foreach (var field in fields.All.Where(f => f.DeletedAt < before)) await Purge(connection, record, field, ct);
    }

    /// <summary>Values first, in portions; the definition last, so that an interrupted purge is found again.</summary>
    private async Task Purge(NpgsqlConnection connection, CustomRecord record, CustomField field, CancellationToken ct)
    {
        await StoredValues.Empty(connection, record.Table, field.Key, ct);
        await Execute(connection, $"drop sequence if exists {CustomNumbers.Sequence(field.Id)}", ct);
        await using var purge = new NpgsqlCommand("""
            with gone as (delete from platform.custom_fields where id = $1 and deleted_at is not null returning id),
                 past as (delete from platform.field_history where record_id in (select id from gone))
            update platform.custom_field_generation set generation = generation + 1
            """, connection);
        purge.Parameters.Add(new() { Value = field.Id });
        await purge.ExecuteNonQueryAsync(ct);
        cache.Poke();
        log.LogInformation("Custom field {Key} of {Records} is purged with its values", field.Key, record.Plural);
    }

    /// <summary>One name for each form that a value is compared in: another type of the field is another index.</summary>
    private static string IndexName(CustomField field) => $"{IndexPrefix}{field.Id:N}_{CustomType.Of(field.Type).Column.ToString().ToLowerInvariant()}";

    private static async Task<List<(string Name, bool IsValid)>> Indexes(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1::regclass and starts_with(c.relname, $2)", connection);
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = IndexPrefix });
        var found = new List<(string, bool)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetString(0), reader.GetBoolean(1)));
        return found;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

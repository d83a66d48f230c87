using LeadCrm.Activities.Data;
using LeadCrm.Activities.Files;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Activities.RecycleBin;

/// <summary>How long what was deleted or told is kept (section <c>RecycleBin</c>).</summary>
internal sealed class RecycleBinOptions
{
    /// <summary>How long what was deleted can be restored (PM7).</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long notifications are kept.</summary>
    public TimeSpan KeepNotifications { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often it is looked.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>
/// Deletes for good what has been in the recycle bin long enough, with its history, and the contents that no file refers to any more. One
/// replica at a time, in batches, each one commit.
/// </summary>
internal sealed class PurgeRecycleBin(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, FileStore files, DatabaseReady ready, TimeProvider clock, IOptions<RecycleBinOptions> options,
    IOptions<FilesOptions> fileOptions, ILogger<PurgeRecycleBin> log) : BackgroundService
{
    private const long RunLock = 0x41637469_50757267;

    private const string Purge = """
        with old as (select id from items where deleted_at < $1 order by deleted_at limit 500 for update skip locked),
        history as (delete from platform.field_history h using old where h.record_id = old.id and h.record_type in ('activity', 'note', 'storedFile')),
        gone as (delete from items i using old where i.id = old.id returning i.id)
        select count(*)::int from gone
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.LookEvery, clock);
        do
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                log.LogWarning(ex, "The recycle bin could not be emptied; trying again in {Period}", options.Value.LookEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Run(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using (var take = new NpgsqlCommand($"select pg_try_advisory_lock({RunLock})", connection))
            if (await take.ExecuteScalarAsync(ct) is not true) return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ActivitiesDb>();
            var now = clock.GetUtcNow();
            while ((await db.Rows(Purge, row => row.GetInt32(0), ct, now - options.Value.Keep)).Single() is var count and > 0)
                log.LogInformation("Deleted {Count} activities, notes and files for good", count);
            while (await files.Clean(db, now - fileOptions.Value.KeepUnused, ct) > 0)
            {
            }
            await db.Execute("delete from notifications where at < $1", ct, now - options.Value.KeepNotifications);
        }
        finally
        {
            await using var release = new NpgsqlCommand($"select pg_advisory_unlock({RunLock})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}

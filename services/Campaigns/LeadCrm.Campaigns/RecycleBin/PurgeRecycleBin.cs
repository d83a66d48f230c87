using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Campaigns.RecycleBin;

/// <summary>How long the recycle bin keeps things (section <c>RecycleBin</c>).</summary>
internal sealed class RecycleBinOptions
{
    /// <summary>What was deleted longer ago than this is gone for good.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often the bin is looked through.</summary>
    public TimeSpan PurgeEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many records are removed in one transaction.</summary>
    public int PurgeBatch { get; set; } = 1_000;
}

/// <summary>
/// Empties the recycle bin of campaigns, with their members and influence, and of removed members. Deadlines are by the database's clock;
/// several replicas may be at it, each takes rows that no other has.
/// </summary>
internal sealed class PurgeRecycleBin(
    NpgsqlDataSource dataSource, DatabaseReady ready, TimeProvider clock, IOptions<RecycleBinOptions> options, ILogger<PurgeRecycleBin> log) : BackgroundService
{
    private static readonly (string What, string Sql)[] Work =
    [
        ("members", """
            delete from campaign_members where id in (
                select id from campaign_members where deleted_at < now() - $1 order by id limit $2 for update skip locked)
            """),
        ("campaigns", """
            delete from campaigns where id in (
                select id from campaigns where deleted_at < now() - $1 order by id limit $2 for update skip locked)
            """),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.PurgeEvery, clock);
        do
        {
            try
            {
                foreach (var (what, sql) in Work) await Purge(what, sql, stoppingToken);
            }
            catch (NpgsqlException ex)
            {
                log.LogWarning("The recycle bin could not be emptied ({Reason}); the next round will", ex.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Purge(string what, string sql, CancellationToken ct)
    {
        int removed;
        do
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.Add(new() { Value = options.Value.Keep });
            command.Parameters.Add(new() { Value = options.Value.PurgeBatch });
            removed = await command.ExecuteNonQueryAsync(ct);
            if (removed > 0) log.LogInformation("Removed {Count} {What} that were in the recycle bin for longer than {Keep}", removed, what, options.Value.Keep);
        }
        while (removed == options.Value.PurgeBatch);
    }
}

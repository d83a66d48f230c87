using LeadCrm.Activities.Data;
using LeadCrm.Activities.Files;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Activities.Upkeep;

/// <summary>
/// Takes away the contents that no file refers to any more, and what users were told long ago. One replica at a time. (The recycle bin is emptied as everywhere,
/// see <see cref="RecycleBinOptions"/>.)
/// </summary>
internal sealed class ForgetWhatIsOver(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, FileStore files, DatabaseReady ready, TimeProvider clock, IOptions<RecycleBinOptions> recycleBin,
    IOptions<UpkeepOptions> options, IOptions<FilesOptions> fileOptions, ILogger<ForgetWhatIsOver> log) : BackgroundService
{
    private const long RunLock = 0x41637469_50757267;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(recycleBin.Value.PurgeEvery, clock);
        do
        {
            try
            {
                await dataSource.DoAlone(RunLock, _ => Run(stoppingToken), stoppingToken);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                log.LogWarning(ex, "What is over could not be taken away; trying again in {Period}", recycleBin.Value.PurgeEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Run(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ActivitiesDb>();
        var now = clock.GetUtcNow();
        while (await files.Clean(db, now - fileOptions.Value.KeepUnused, ct) > 0)
        {
        }
        await db.Execute("delete from notifications where at < $1", ct, now - options.Value.KeepNotifications);
    }
}

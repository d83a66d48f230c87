using LeadCrm.ServiceDefaults.Persistence;
using Npgsql;

namespace LeadCrm.Opportunities.Pipelines;

/// <summary>
/// Hears of changed pipelines from every replica, over the database: a few notifications a month, so that their lock costs nobody anything.
/// While the connection is gone the cache's own time holds.
/// </summary>
internal sealed class PipelineNews(IConfiguration configuration, DatabaseReady ready, PipelineCache cache, TimeProvider clock, ILogger<PipelineNews> log) : BackgroundService
{
    internal const string Channel = "pipelines_changed";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        // Not from the pool: it is held as long as the service runs. The keepalive finds a connection that ended without a word.
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("opportunities-db")) { Pooling = false, KeepAlive = 30 };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(settings.ConnectionString, stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogInformation("Changes of pipelines are not heard of at once for the moment ({Reason})", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task Listen(string settings, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(settings);
        await connection.OpenAsync(ct);
        connection.Notification += (_, _) => cache.Forget();
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        cache.Forget();   // what was said before nobody heard
        while (true) await connection.WaitAsync(ct);
    }
}

using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// Hears of changes of the mapping, and of the fields of other services that it may speak of, from every replica, over the database: a few
/// notifications a month, so that their lock costs nobody anything. While the connection is gone the cache's own time holds.
/// </summary>
internal sealed class MappingNews(IConfiguration configuration, DatabaseReady ready, MappingCache cache, TimeProvider clock, ILogger<MappingNews> log) : BackgroundService
{
    private const string Channel = "conversion_mapping_changed";

    /// <summary>Call after a change was saved: tells every replica, this one too, when it is committed.</summary>
    public static Task Tell(LeadsDb db, CancellationToken ct) => db.Database.ExecuteSqlRawAsync($"notify {Channel}", ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        // Not from the pool: it is held as long as the service runs. The keepalive finds a connection that ended without a word.
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("leads-db")) { Pooling = false, KeepAlive = 30 };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(settings.ConnectionString, stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogInformation("Changes of the conversion mapping are not heard of at once for the moment ({Reason})", ex.Message);
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

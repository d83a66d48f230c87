using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace LeadCrm.Gateway.Storage;

/// <summary>
/// Creates the tables and the first data-protection key at start; waits for a database that is not there yet. Until then
/// <c>/health/ready</c> says no.
/// </summary>
internal sealed class DatabaseStartup(GatewayDatabase database, IDataProtectionProvider protection, ILogger<DatabaseStartup> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await database.Prepare(() => protection.CreateProtector("warm-up").Protect([]), stoppingToken);
                return;
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The database cannot be used yet ({Reason}); trying again in a second", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }
}

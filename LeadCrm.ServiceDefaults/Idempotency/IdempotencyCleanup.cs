using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Idempotency;

/// <summary>Forgets idempotency keys after 24 hours.</summary>
internal sealed class IdempotencyCleanup(NpgsqlDataSource dataSource, DatabaseReady ready, TimeProvider clock, ILogger<IdempotencyCleanup> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        do
        {
            try
            {
                await using var command = dataSource.CreateCommand("""
                    delete from platform.idempotency_keys where created_at < now() - interval '24 hours';
                    delete from platform.bulk_chunks where created_at < now() - interval '24 hours';
                    """);
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (NpgsqlException ex)
            {
                log.LogWarning("Old idempotency keys could not be removed ({Reason}); the next round will", ex.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

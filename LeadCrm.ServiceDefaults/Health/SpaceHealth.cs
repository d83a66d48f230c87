using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Health;

/// <summary>
/// A database without space on its disk answers reads as ever, and only writes fail: degraded. It is asked to sort a little more than it may hold in memory, which takes space as a write does
/// and leaves nothing behind.
/// </summary>
internal sealed class SpaceHealth(NpgsqlDataSource dataSource, TimeProvider clock) : IHealthCheck, IDisposable
{
    /// <summary>Probes come more often than this needs to be known.</summary>
    private static readonly TimeSpan Valid = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim one = new(1);
    private HealthCheckResult last;
    private long asked;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (asked == 0 || clock.GetElapsedTime(asked) > Valid)
            {
                last = await Ask(cancellationToken);
                asked = clock.GetTimestamp();
            }
            return last;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<HealthCheckResult> Ask(CancellationToken ct)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                Timeout = 2,
                BatchCommands = { new("set local work_mem = '64kB'"), new("select count(*) from (select n from generate_series(1, 4000) n order by -n offset 1) sorted") },
            };
            await batch.ExecuteNonQueryAsync(ct);
            return HealthCheckResult.Healthy();
        }
        catch (PostgresException ex) when (ex.SqlState.StartsWith("53", StringComparison.Ordinal))   // insufficient resources: of space, mostly
        {
            return HealthCheckResult.Degraded("The database lacks space or other resources: it answers reads, and cannot take writes.", ex);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return HealthCheckResult.Healthy();   // that it does not answer at all says who asks just that
        }
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace LeadCrm.Gateway.Storage;

/// <summary>Ready: the tables are there and the database answers. A service that is down makes its own routes answer 503, not the gateway unready.</summary>
internal sealed class DatabaseHealth(GatewayDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!database.IsReady) return HealthCheckResult.Unhealthy("The tables are not there yet.");
        try
        {
            await database.Run(async connection =>
            {
                await using var command = new NpgsqlCommand("select 1", connection) { CommandTimeout = 2 };
                return await command.ExecuteScalarAsync(cancellationToken);
            }, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", ex);
        }
    }
}

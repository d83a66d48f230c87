using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Health;

/// <summary>Tags of health checks.</summary>
public static class HealthTags
{
    /// <summary>Part of <c>/health/ready</c>.</summary>
    public const string Ready = "ready";
}

/// <summary>Ready: the database answers.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = dataSource.CreateCommand("select 1");
            command.CommandTimeout = 2;
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)   // whatever it is, it is not an answer
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", ex);
        }
    }
}

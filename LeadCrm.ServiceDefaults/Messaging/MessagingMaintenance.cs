using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Creates the partitions of the inbox and of what was sent ahead of time and drops those that are older than what is kept.</summary>
internal sealed class MessagingMaintenance(
    NpgsqlDataSource dataSource, DatabaseReady ready, TimeProvider clock, IOptions<MessagingOptions> options, ILogger<MessagingMaintenance> log) : BackgroundService
{
    private const int DaysAhead = 7;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await Maintain(stoppingToken);
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogWarning(ex, "Partitions of messages could not be maintained; again in an hour, there are enough for days");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task Maintain(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("select platform.maintain_inbox($1, $2, $4), platform.maintain_outbox_sent($1, $3, $4)");
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) });
        command.Parameters.Add(new() { Value = options.Value.InboxDays });
        command.Parameters.Add(new() { Value = options.Value.SentDays });
        command.Parameters.Add(new() { Value = DaysAhead });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>An outbox that is not drained means that the rest of the system does not hear of what happens here.</summary>
internal sealed class OutboxHealth(MessagingMetrics metrics, IOptions<MessagingOptions> options) : Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck
{
    public Task<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult> CheckHealthAsync(
        Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(metrics.OutboxLag <= options.Value.LagLimit
            ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy()
            : Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Degraded($"The oldest message has waited {metrics.OutboxLag.TotalSeconds:0} s."));
}

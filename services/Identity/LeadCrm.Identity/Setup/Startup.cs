using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace LeadCrm.Identity.Setup;

/// <summary>After the migrations: signing keys, roles, the first administrator, sample users. The service is ready when all are there.</summary>
internal sealed class Startup(
    IServiceScopeFactory scopes, DatabaseReady database, SigningKeyRotation keys, TimeProvider clock, ILogger<Startup> log) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private volatile bool done;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(done ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Signing keys and first users are being set up."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.WaitAsync(stoppingToken);
        while (!done)
        {
            try
            {
                await keys.RunOnce(stoppingToken);
                await Run<FirstStart>(first => first.Run(stoppingToken));
                await Run<SampleUsers>(samples => samples.Run(stoppingToken));
                done = true;
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or DbUpdateException { InnerException: NpgsqlException } && !stoppingToken.IsCancellationRequested)
            {
                // Each step is one transaction and does nothing where it is done already.
                log.LogWarning("The first users cannot be set up yet ({Reason}); trying again", away.Message);
                await Task.Delay(TryAgainAfter, clock, stoppingToken);
            }
        }
    }

    private async Task Run<T>(Func<T, Task> step) where T : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        await step(scope.ServiceProvider.GetRequiredService<T>());
    }
}

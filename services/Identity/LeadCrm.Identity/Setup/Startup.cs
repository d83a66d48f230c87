using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Identity.Setup;

/// <summary>
/// After the migrations: signing keys, roles, the first administrator, sample users. Nothing is answered before all are there: a service that read
/// the directory meanwhile would take a part of it for the whole.
/// </summary>
internal sealed class Startup(
    IServiceScopeFactory scopes, DatabaseReady database, SigningKeyRotation keys, TimeProvider clock, ILogger<Startup> log) : BackgroundService, IStartCondition
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    string IStartCondition.Name => "the first users";
    Task IStartCondition.Met => done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.WaitAsync(stoppingToken);
        while (!done.Task.IsCompleted)
        {
            try
            {
                await keys.RunOnce(stoppingToken);
                await Run<FirstStart>(first => first.Run(stoppingToken));
                await Run<SampleUsers>(samples => samples.Run(stoppingToken));
                done.SetResult();
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

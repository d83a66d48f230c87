using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>Removes sessions and personal tokens that are over, revocations and refused sign-ins once nobody needs to look at them any more.</summary>
internal sealed class CleanUp(
    IServiceScopeFactory scopes, DatabaseReady database, IOptions<SessionSettings> options, TimeProvider clock, ILogger<CleanUp> log) : BackgroundService
{
    public async Task RunOnce(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        var now = clock.GetUtcNow();
        var before = now - options.Value.KeepFor;
        var unusedBefore = before - options.Value.IdleTimeout;
        await db.Sessions.Where(session => session.EndedAt < before || session.LastUsedAt < unusedBefore).ExecuteDeleteAsync(ct);
        await db.Database.ExecuteSqlAsync($"delete from revocations where at < now() - interval '1 hour'", ct);
        await db.PersonalTokens.Where(token => token.RevokedAt < before || token.ExpiresAt < before).ExecuteDeleteAsync(ct);
        await db.SignInFailures.Where(failure => failure.At < before).ExecuteDeleteAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.CleanUpEvery, clock);
        do
        {
            try
            {
                await RunOnce(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogWarning(failure, "Removing old sessions failed; trying again in {Wait}", options.Value.CleanUpEvery);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

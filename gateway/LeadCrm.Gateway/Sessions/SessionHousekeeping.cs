using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.Storage;
using Npgsql;

namespace LeadCrm.Gateway.Sessions;

/// <summary>Forgets cached sessions that are over, and every few minutes deletes stored ones whose time is up. Any replica may do it.</summary>
internal sealed class SessionHousekeeping(
    LiveSessions sessions, SessionStore store, SignInLimiter limiter, EndedSessions ended, PersonalTokens personalTokens, GatewayDatabase database,
    TimeProvider clock, ILogger<SessionHousekeeping> log) : BackgroundService
{
    private const int SweepsPerCleanup = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), clock);
        for (var round = 1; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            sessions.Sweep();
            limiter.Sweep();
            ended.Sweep();
            personalTokens.Sweep();
            if (round % SweepsPerCleanup == 0) await DeleteExpired(stoppingToken);
        }
    }

    internal async Task DeleteExpired(CancellationToken ct)
    {
        try
        {
            List<Guid> removed;
            do
            {
                removed = await store.RemoveExpired(ct);
                foreach (var identitySessionId in removed) await sessions.TellIdentity(identitySessionId, ct);
            }
            while (removed.Count > 0);
        }
        catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
        {
            log.LogWarning("Expired sessions could not be deleted ({Reason}); the next round tries again", ex.Message);
        }
    }
}

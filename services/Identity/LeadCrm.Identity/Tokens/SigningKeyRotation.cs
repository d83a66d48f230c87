using System.Text.Json;
using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Tokens;

/// <summary>Carries out the <see cref="SigningKeyPlan"/> on the database and loads the result into the <see cref="KeyRing"/>.</summary>
internal sealed class SigningKeyRotation(
    IServiceScopeFactory scopes, KeyRing ring, DataKey dataKey, IOptions<TokenSettings> options, TimeProvider clock, ILogger<SigningKeyRotation> log)
    : BackgroundService
{
    /// <summary>One round. Also the first one, which makes the first key.</summary>
    public async Task RunOnce(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two replicas that look at the same moment must not make two successors.
        await db.Lock(IdentityDb.SigningKeysLock, ct);
        var keys = await db.SigningKeys.ToListAsync(ct);
        var now = clock.GetUtcNow();
        var plan = SigningKeyPlan.For([.. keys.Select(key => new KeyTimes(key.Id, key.ActiveFrom))], now, options.Value);

        if (plan.CreateActiveFrom is { } activeFrom)
        {
            var made = SigningKey.Generate(now, activeFrom, dataKey);
            db.SigningKeys.Add(made);
            keys.Add(made);
            log.LogInformation("Signing key {KeyId} made; it signs from {ActiveFrom:u} on", made.Id, activeFrom);
        }
        foreach (var key in keys.Where(key => plan.Drop.Contains(key.Id)).ToArray())
        {
            db.SigningKeys.Remove(key);
            keys.Remove(key);
            log.LogInformation("Signing key {KeyId} dropped: every token signed with it has run out", key.Id);
        }

        await db.SaveChangesAsync(ct);
        await PublishToItself(db, keys, ct);
        await transaction.CommitAsync(ct);
        ring.Load(keys, dataKey);
    }

    /// <summary>This service checks tokens like any other, from the key set in its database; it need not ask itself over HTTP for that.</summary>
    private static async Task PublishToItself(IdentityDb db, IEnumerable<SigningKey> keys, CancellationToken ct)
    {
        var set = JsonSerializer.Serialize(new KeySetResponse([.. keys.Select(key => key.ToPublishedKey())]), Json.Options);
        await db.Database.ExecuteSqlAsync($"""
            insert into platform.key_set (id, jwks, fetched_at) values (1, {set}, now())
            on conflict (id) do update set jwks = excluded.jwks, fetched_at = excluded.fetched_at
            """, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RotationCheckEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnce(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // There are two days for it: the next round tries again.
                log.LogError(failure, "Looking after the signing keys failed; trying again in {Wait}", options.Value.RotationCheckEvery);
            }
        }
    }
}

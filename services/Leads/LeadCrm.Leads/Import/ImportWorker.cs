using LeadCrm.Leads.Data;
using LeadCrm.Leads.PickLists;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.Import;

/// <summary>Wakes the worker of this replica when an import has been started here.</summary>
internal sealed class ImportSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0);

    internal void Wake() => waiting.Release();

    internal Task Wait(TimeSpan atMost, CancellationToken ct) => waiting.WaitAsync(atMost, ct);

    public void Dispose() => waiting.Dispose();
}

/// <summary>
/// Runs imports, one at a time per replica. An import is claimed with a lease by the database's clock and kept by a heartbeat; one whose
/// replica has died is taken over when its lease has run out.
/// </summary>
internal sealed class ImportWorker(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, DatabaseReady ready, IDirectory directory, CustomFieldCache custom, PickListCache lists, ImportSignal signal, ImportMetrics metrics, TimeProvider clock,
    IOptions<LeadsOptions> options, ILogger<ImportWorker> log) : BackgroundService
{
    private const int MostAttempts = 5;
    private readonly Guid replica = Guid.CreateVersion7();
    private LeadCopy? copy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        var cleaned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Claim(stoppingToken) is { } id)
                {
                    await Run(id, stoppingToken);
                    continue;
                }
                if (clock.GetUtcNow() - cleaned > TimeSpan.FromHours(1))
                {
                    await ForgetOldFiles(stoppingToken);
                    cleaned = clock.GetUtcNow();
                }
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                log.LogWarning(ex, "Looking for imports failed; trying again");
            }
            await signal.Wait(options.Value.ImportPoll, stoppingToken);
        }
    }

    private async Task<Guid?> Claim(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            update imports set state = 'Running', lease_owner = $1, lease_until = now() + $2, started_at = coalesce(started_at, now()), attempts = attempts + 1
            where id = (select id from imports where state in ('Queued', 'Running') and (lease_until is null or lease_until < now())
                        order by queued_at limit 1 for update skip locked)
            returning id
            """);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(options.Value.ImportLease);
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    private async Task Run(Guid id, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var heartbeat = KeepLease(id, ending);
        try
        {
            var (import, run) = await Prepare(id, ending.Token);
            if (import.Attempts > MostAttempts)
            {
                await Finish(id, ImportState.Failed, "The import stopped several times at the same row. See the service's log, or leave the rows behind it out.");
                return;
            }
            await Finish(id, await run.Run(ending.Token), null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Release(id, countsAsAttempt: false);   // another replica, or the next start, goes on
            throw;
        }
        catch (Exception ex) when (ex is LeaseLostException or OperationCanceledException)
        {
            log.LogWarning("Import {Import} was taken over by another replica", id);
        }
        catch (Exception ex)
        {
            log.LogError(ex, "Import {Import} stopped; it goes on from its checkpoint", id);
            await Release(id, countsAsAttempt: true);
            await Task.Delay(options.Value.ImportPoll, clock, stopping);
        }
        finally
        {
            await ending.CancelAsync();
            await heartbeat;
        }
    }

    private async Task<(LeadImport, ImportRun)> Prepare(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        copy ??= new LeadCopy(db.Model);
        var import = await db.Set<LeadImport>().AsNoTracking().FirstAsync(i => i.Id == id, ct);
        var statuses = await db.Statuses.AsNoTracking().ToListAsync(ct);
        return (import, new ImportRun(import, replica, statuses, scopes, dataSource, directory, copy, custom.Of("lead"), await lists.Get(db, ct), clock, options.Value.ImportChunk, metrics));
    }

    /// <summary>Extends the lease until told to stop; ends the run when the lease is gone.</summary>
    private async Task KeepLease(Guid id, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(options.Value.ImportLease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                try
                {
                    await using var command = dataSource.CreateCommand("update imports set lease_until = now() + $3 where id = $1 and lease_owner = $2 and state = 'Running'");
                    command.Parameters.AddWithValue(id);
                    command.Parameters.AddWithValue(replica);
                    command.Parameters.AddWithValue(options.Value.ImportLease);
                    if (await command.ExecuteNonQueryAsync(ending.Token) == 0) await ending.CancelAsync();
                }
                catch (NpgsqlException ex)
                {
                    log.LogWarning("The lease of import {Import} could not be extended ({Reason})", id, ex.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }

    private async Task Finish(Guid id, ImportState state, string? problem)
    {
        await using var command = dataSource.CreateCommand(
            "update imports set state = $3, problem = $4, finished_at = now(), lease_owner = null, lease_until = null where id = $1 and lease_owner = $2 and state = 'Running'");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(state.ToString());
        command.Parameters.AddWithValue((object?)problem ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        log.LogInformation("Import {Import} ended: {State}", id, state);
    }

    private async Task Release(Guid id, bool countsAsAttempt)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                "update imports set lease_owner = null, lease_until = null, attempts = attempts - $3 where id = $1 and lease_owner = $2 and state = 'Running'");
            command.Parameters.AddWithValue(id);
            command.Parameters.AddWithValue(replica);
            command.Parameters.AddWithValue(countsAsAttempt ? 0 : 1);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException ex)
        {
            log.LogWarning("Import {Import} could not be released ({Reason}); its lease runs out by itself", id, ex.Message);
        }
    }

    /// <summary>Files are kept a week after their import, or after an upload that nobody started; errors stay.</summary>
    private async Task ForgetOldFiles(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            delete from import_chunks where import_id in (
                select id from imports where state not in ('Queued', 'Running') and coalesce(finished_at, created_at) < now() - interval '7 days')
            """);
        await command.ExecuteNonQueryAsync(ct);
    }
}

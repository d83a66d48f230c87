using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>
/// Runs changes of many leads, a few at a time per replica, so that a long one does not hold up the others. One is claimed with a lease by the database's clock,
/// which every chunk extends; what a replica that died has left is taken over when its lease has run out.
/// </summary>
internal sealed class BulkChangeWorker(
    NpgsqlDataSource dataSource, DatabaseReady ready, BulkChangeRun run, BulkChangeSignal signal, IOptions<BulkChangeOptions> options,
    ILogger<BulkChangeWorker> log) : BackgroundService
{
    private const int MostAttempts = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, options.Value.AtOnce).Select(_ => Work(Guid.CreateVersion7(), stoppingToken)));
    }

    private async Task Work(Guid replica, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Claim(replica, stoppingToken) is { } job)
                {
                    await Run(job.Id, replica, job.Attempts, stoppingToken);
                    continue;
                }
            }
            catch (NpgsqlException ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Looking for changes of many leads failed ({Reason}); trying again", ex.Message);
            }
            await signal.Wait(options.Value.Poll, stoppingToken);
        }
    }

    private async Task<(Guid Id, int Attempts)?> Claim(Guid replica, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            update bulk_changes set state = 'Running', lease_owner = $1, lease_until = now() + $2, started_at = coalesce(started_at, now()), attempts = attempts + 1
            where id = (select id from bulk_changes where state in ('Queued', 'Running') and (lease_until is null or lease_until < now())
                        order by created_at limit 1 for update skip locked)
            returning id, attempts
            """);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(options.Value.Lease);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetInt32(1)) : null;
    }

    private async Task Run(Guid id, Guid replica, int attempts, CancellationToken stopping)
    {
        try
        {
            if (attempts > MostAttempts) await End(id, replica, BulkChangeState.Failed, "The change stopped several times at the same place. See the service's log.");
            else if (await run.Run(id, replica, stopping) is var state) await End(id, replica, state, null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Release(id, replica, countsAsAttempt: false);   // another replica, or the next start, goes on
            throw;
        }
        catch (BulkChangeLostException)
        {
            log.LogWarning("Bulk change {Job} was taken over by another replica", id);
        }
        catch (Exception ex)
        {
            log.LogError(ex, "Bulk change {Job} stopped; it goes on where it was", id);
            await Release(id, replica, countsAsAttempt: true);
            await Task.Delay(options.Value.Poll, stopping);
        }
    }

    /// <summary>Ends or pauses it. What a stop has left out gets its outcome in the same statement.</summary>
    private async Task End(Guid id, Guid replica, BulkChangeState state, string? problem)
    {
        await using var command = dataSource.CreateCommand("""
            with ended as (
                update bulk_changes set state = $3, problem = $4, finished_at = case when $3 = 'Paused' then null else now() end, lease_owner = null, lease_until = null
                where id = $1 and lease_owner = $2 and state = 'Running' returning id, state)
            update bulk_change_leads l set state = 'Cancelled' from ended
            where l.bulk_change_id = ended.id and l.state = 'Waiting' and ended.state in ('Cancelled', 'Failed')
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(state.ToString());
        command.Parameters.AddWithValue((object?)problem ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        log.LogInformation("Bulk change {Job}: {State}", id, state);
    }

    private async Task Release(Guid id, Guid replica, bool countsAsAttempt)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                "update bulk_changes set lease_owner = null, lease_until = null, attempts = attempts - $3 where id = $1 and lease_owner = $2 and state = 'Running'");
            command.Parameters.AddWithValue(id);
            command.Parameters.AddWithValue(replica);
            command.Parameters.AddWithValue(countsAsAttempt ? 0 : 1);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException ex)
        {
            log.LogWarning("Bulk change {Job} could not be released ({Reason}); its lease runs out by itself", id, ex.Message);
        }
    }
}

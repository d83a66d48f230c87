using LeadCrm.ServiceDefaults.Persistence;
using Npgsql;

namespace LeadCrm.Leads.LeasedJobs;

/// <summary>
/// Runs jobs of a kind, a few at a time per replica, so that a long one, or one that waits for an absent service, does not hold up the others. One is claimed with a lease by
/// the database's clock, which the work extends; what a replica that died has left is taken over when its lease has run out.
/// </summary>
internal sealed class LeasedJobWorker<TWork>(NpgsqlDataSource dataSource, DatabaseReady ready, TWork work, JobSignal<TWork> signal, ILogger<LeasedJobWorker<TWork>> log)
    : BackgroundService where TWork : ILeasedWork
{
    private const int MostAttempts = 5;

    private static readonly string Claiming = $"""
        update {TWork.Tables.Jobs} set state = 'Running', lease_owner = $1, lease_until = now() + $2, started_at = coalesce(started_at, now()), attempts = attempts + 1
        where id = (select id from {TWork.Tables.Jobs} where state in ('Queued', 'Running') and (lease_until is null or lease_until < now())
                    order by created_at limit 1 for update skip locked)
        returning id, attempts
        """;

    private static readonly string Ending = $"""
        with ended as (
            update {TWork.Tables.Jobs} set state = $3, problem = $4, finished_at = case when $3 = 'Paused' then null else now() end, lease_owner = null, lease_until = null
            where id = $1 and lease_owner = $2 and state = 'Running' returning id, state)
        update {TWork.Tables.Leads} l set state = 'Cancelled' from ended
        where l.{TWork.Tables.JobOfLead} = ended.id and l.state = 'Waiting' and ended.state in ('Cancelled', 'Failed')
        """;

    private static readonly string Releasing =
        $"update {TWork.Tables.Jobs} set lease_owner = null, lease_until = null, attempts = attempts - $3 where id = $1 and lease_owner = $2 and state = 'Running'";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, work.AtOnce).Select(_ => Work(Guid.CreateVersion7(), stoppingToken)));
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
                log.LogWarning("Looking for a {Job} to run failed ({Reason}); trying again", TWork.Name, ex.Message);
            }
            await signal.Wait(work.Poll, stoppingToken);
        }
    }

    private async Task<(Guid Id, int Attempts)?> Claim(Guid replica, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Claiming);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(work.Lease);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetInt32(1)) : null;
    }

    private async Task Run(Guid id, Guid replica, int attempts, CancellationToken stopping)
    {
        try
        {
            if (attempts > MostAttempts) await End(id, replica, "Failed", $"The {TWork.Name} stopped several times at the same place. See the service's log.");
            else await End(id, replica, await work.Run(id, replica, stopping), null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Release(id, replica, countsAsAttempt: false);   // another replica, or the next start, goes on
            throw;
        }
        catch (LeaseLostException)
        {
            log.LogWarning("The {Job} {Id} was taken over by another replica", TWork.Name, id);
        }
        catch (Exception ex)
        {
            log.LogError(ex, "The {Job} {Id} stopped; it goes on where it was", TWork.Name, id);
            await Release(id, replica, countsAsAttempt: true);
            await Task.Delay(work.Poll, stopping);
        }
    }

    /// <summary>Ends or pauses it. What a stop has left out gets its outcome in the same statement.</summary>
    private async Task End(Guid id, Guid replica, string state, string? problem)
    {
        await using var command = dataSource.CreateCommand(Ending);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue((object?)problem ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        log.LogInformation("The {Job} {Id}: {State}", TWork.Name, id, state);
    }

    private async Task Release(Guid id, Guid replica, bool countsAsAttempt)
    {
        try
        {
            await using var command = dataSource.CreateCommand(Releasing);
            command.Parameters.AddWithValue(id);
            command.Parameters.AddWithValue(replica);
            command.Parameters.AddWithValue(countsAsAttempt ? 0 : 1);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException ex)
        {
            log.LogWarning("The {Job} {Id} could not be released ({Reason}); its lease runs out by itself", TWork.Name, id, ex.Message);
        }
    }
}

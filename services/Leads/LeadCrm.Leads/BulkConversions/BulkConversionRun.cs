using System.Diagnostics;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>
/// One run of one bulk conversion by one replica: collects what has ended, begins the next chunk, until every lead has its outcome. The database holds
/// all of it, so that a run that ends anywhere, by a kill too, is continued without a lead lost or converted twice.
/// </summary>
internal sealed class BulkConversionRun(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, ConversionChecks checks, ConversionStarts starts, IDirectory directory,
    ConversionNews news, IOptions<BulkConversionOptions> settings, MappingCache mapping, TimeProvider clock, ILogger<BulkConversionRun> log)
    : ILeasedWork
{
    public static string Name => "bulk conversion";
    public static (string Jobs, string Leads, string JobOfLead) Tables => ("bulk_conversions", "bulk_conversion_leads", "bulk_conversion_id");
    public static string Address => "/api/leads/bulk-conversions";
    public int AtOnce => settings.Value.AtOnce;
    public TimeSpan Poll => settings.Value.Poll;
    public TimeSpan Lease => settings.Value.Lease;

    // Counted with the lock on the job that the next chunk takes, too: an outcome is counted once, by whoever holds the job.
    private const string Collect = """
        with held as (
            select id from bulk_conversions where id = $1 and lease_owner = $2 and state = 'Running' for update
        ), ended as (
            update bulk_conversion_leads l
            set state = case when c.failure is null then 'Converted' else 'Failed' end,
                account_id = case when c.failure is null then (c.accounts->>'accountId')::uuid end,
                contact_id = case when c.failure is null then (c.accounts->>'contactId')::uuid end,
                opportunity_id = case when c.failure is null then (c.opportunity->>'opportunityId')::uuid end,
                problem = case when c.failure is not null then jsonb_build_object('type', c.failure->'type', 'status', c.failure->'status', 'detail', c.failure->'detail') end
            from conversions c, held
            where l.bulk_conversion_id = held.id and l.state = 'Converting' and c.id = l.conversion_id and c.finished_at is not null
            returning l.state
        )
        update bulk_conversions j set
            converted = j.converted + (select count(*) from ended where state = 'Converted')::int, failed = j.failed + (select count(*) from ended where state = 'Failed')::int,
            lease_until = now() + $3, busy_seconds = j.busy_seconds + $4
        from held where j.id = held.id
        returning j.pause_requested, j.cancel_requested,
            (select count(*) from bulk_conversion_leads where bulk_conversion_id = $1 and state = 'Converting') - (select count(*) from ended)
        """;

    public async Task<string> Run(Guid id, Guid replica, CancellationToken ct) => (await RunToItsEnd(id, replica, ct)).ToString();

    private async Task<BulkConversionState> RunToItsEnd(Guid id, Guid replica, CancellationToken ct)
    {
        BulkConversion job;
        await using (var scope = scopes.CreateAsyncScope())
            job = await scope.ServiceProvider.GetRequiredService<LeadsDb>().Set<BulkConversion>().AsNoTracking().FirstAsync(j => j.Id == id, ct);

        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (now, before) = (Stopwatch.GetTimestamp(), since);
            since = now;   // what taking it down takes is a part of the next round
            var end = news.NextEnd;
            var (pause, cancel, underWay) = await Progress(id, replica, Stopwatch.GetElapsedTime(before, now), ct);
            if (underWay == 0 && cancel) return BulkConversionState.Cancelled;
            if (underWay == 0 && pause) return BulkConversionState.Paused;
            if (!pause && !cancel && underWay <= settings.Value.UnderWay - settings.Value.Chunk)
            {
                if (await Next(job, replica, ct)) continue;
                if (underWay == 0) return BulkConversionState.Completed;
            }
            // What this replica ends is heard of at once, so that the next chunk goes; what others end, and what users want, shows when we look.
            await Task.WhenAny(end, Task.Delay(settings.Value.Look, ct));
        }
    }

    /// <summary>Takes down what has ended and says that this replica is alive.</summary>
    private async Task<(bool Pause, bool Cancel, long UnderWay)> Progress(Guid id, Guid replica, TimeSpan busy, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Collect);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(replica);
        command.Parameters.AddWithValue(settings.Value.Lease);
        command.Parameters.AddWithValue(busy.TotalSeconds);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) throw new LeaseLostException();
        return (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetInt64(2));
    }

    /// <summary>Begins the next leads; false when there are none.</summary>
    private async Task<bool> Next(BulkConversion job, Guid replica, CancellationToken ct)
    {
        List<BulkConversionLead> leads;
        await using (var scope = scopes.CreateAsyncScope())
            leads = await scope.ServiceProvider.GetRequiredService<LeadsDb>().Set<BulkConversionLead>().AsNoTracking()
                .Where(l => l.BulkConversionId == job.Id && l.State == BulkLeadState.Waiting).OrderBy(l => l.Position).Take(settings.Value.Chunk).ToListAsync(ct);
        if (leads.Count == 0) return false;
        try
        {
            await Take(job, replica, leads, ct);
        }
        catch (Exception ex) when (leads.Count > 1 && ex is not (OperationCanceledException or LeaseLostException))
        {
            // Whose fault it was shows when each goes alone: one bad lead is nothing to the others.
            log.LogWarning(ex, "{Count} leads of bulk conversion {Job} fail together; each goes alone", leads.Count, job.Id);
            foreach (var lead in leads) await TakeAlone(job, replica, lead, ct);
        }
        return true;
    }

    private async Task TakeAlone(BulkConversion job, Guid replica, BulkConversionLead lead, CancellationToken ct)
    {
        try
        {
            await Take(job, replica, [lead], ct);
        }
        catch (Exception ex) when (ex is not (OperationCanceledException or LeaseLostException or NpgsqlException { IsTransient: true } or DbUpdateException { InnerException: NpgsqlException { IsTransient: true } }))
        {
            log.LogError(ex, "Lead {Lead} of bulk conversion {Job} cannot be converted", lead.LeadId, job.Id);
            var problem = new BulkLeadProblem { Type = "urn:leadcrm:unexpected", Status = 500, Detail = "Something unexpected went wrong; the service's log says what. The lead is as it was." };
            await starts.BeginAll([], (db, _) => BulkOutcomes.Write(db, job.Id, replica, [BulkOutcome.Failed(lead, problem)], ct), ct);
        }
    }

    /// <summary>Checks the leads and begins those that can be converted; each gets its outcome in the same commit.</summary>
    private async Task Take(BulkConversion job, Guid replica, IReadOnlyList<BulkConversionLead> leads, CancellationToken ct)
    {
        using var acting = Actor.Use(directory.ActorOf(job.CreatedById, job.Id));
        await using var scope = scopes.CreateAsyncScope();
        var planning = new BulkPlanning(job, scope.ServiceProvider, checks, directory, mapping, clock);
        var outcomes = await planning.Decide(leads, ct);
        var beginning = job.Plan.DryRun ? [] : outcomes.Where(outcome => outcome.Start is not null).ToList();
        await starts.BeginAll([.. beginning.Select(outcome => outcome.Start!)],
            (db, began) => BulkOutcomes.Write(db, job.Id, replica, BulkOutcomes.After(outcomes, beginning, began), ct), ct);
    }
}

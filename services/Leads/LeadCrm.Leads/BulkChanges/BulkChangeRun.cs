using System.Diagnostics;
using System.Text.Json;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>
/// One run of one change of many leads by one replica, chunk by chunk until every lead has its outcome. A chunk is one commit: leads, their history and events, and
/// what became of each, so that a run that ends anywhere, by a kill too, is continued without a lead left out or changed twice.
/// </summary>
internal sealed class BulkChangeRun(
    IServiceScopeFactory scopes, IDirectory directory, IOptions<BulkChangeOptions> settings, ILogger<BulkChangeRun> log)
    : ILeasedWork
{
    public static string Name => "bulk change";
    public static (string Jobs, string Leads, string JobOfLead) Tables => ("bulk_changes", "bulk_change_leads", "bulk_change_id");
    public static string Address => "/api/leads/bulk-changes";
    public int AtOnce => settings.Value.AtOnce;
    public TimeSpan Poll => settings.Value.Poll;
    public TimeSpan Lease => settings.Value.Lease;

    public async Task<string> Run(Guid id, Guid replica, CancellationToken ct) => (await RunToItsEnd(id, replica, ct)).ToString();

    private async Task<BulkChangeState> RunToItsEnd(Guid id, Guid replica, CancellationToken ct)
    {
        BulkChange job;
        await using (var scope = scopes.CreateAsyncScope())
            job = await scope.ServiceProvider.GetRequiredService<LeadsDb>().Set<BulkChange>().AsNoTracking().FirstAsync(j => j.Id == id, ct);

        var since = Stopwatch.GetTimestamp();
        var alone = 0;   // so many leads go one by one, because their chunk failed
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var busy = Stopwatch.GetElapsedTime(since);
            since = Stopwatch.GetTimestamp();
            try
            {
                if (await Step(job, replica, alone > 0 ? 1 : settings.Value.Chunk, busy, null, ct) is { } ended) return ended;
            }
            catch (Exception ex) when (alone == 0 && SpoilsTheChunk(ex))
            {
                // Whose fault it was shows when each goes alone: one bad lead is nothing to the others.
                log.LogWarning(ex, "Leads of the bulk change {Job} fail together; each goes alone", id);
                alone = settings.Value.Chunk;
                continue;
            }
            catch (Exception ex) when (SpoilsTheChunk(ex))
            {
                log.LogError(ex, "A lead of the bulk change {Job} cannot be changed", id);
                var problem = new BulkChangeProblem { Type = "urn:leadcrm:unexpected", Status = 500, Detail = "Something unexpected went wrong; the service's log says what. The lead is as it was." };
                if (await Step(job, replica, 1, busy, problem, ct) is { } ended) return ended;
            }
            if (alone > 0) alone--;
        }
    }

    /// <summary>The next leads in one commit; how it ended when there are none, or a user wants it so. With a problem the leads are refused with it.</summary>
    private async Task<BulkChangeState?> Step(BulkChange job, Guid replica, int count, TimeSpan busy, BulkChangeProblem? problem, CancellationToken ct)
    {
        using var acting = Actor.Use(directory.ActorOf(job.CreatedById, job.Id));
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Held until the commit: whoever pauses or stops it waits for this chunk.
        var asked = (await db.Database.SqlQuery<string>($"""
            update bulk_changes set lease_until = now() + {settings.Value.Lease}, busy_seconds = busy_seconds + {busy.TotalSeconds}
            where id = {job.Id} and lease_owner = {replica} and state = 'Running'
            returning case when cancel_requested then 'Cancelled' when pause_requested then 'Paused' else 'Running' end as "Value"
            """).ToListAsync(ct)).SingleOrDefault() ?? throw new LeaseLostException();
        var leads = asked != nameof(BulkChangeState.Running) ? [] : await db.Set<BulkChangeLead>().AsNoTracking()
            .Where(l => l.BulkChangeId == job.Id && l.State == BulkChangeLeadState.Waiting).OrderBy(l => l.Position).Take(count).ToListAsync(ct);
        if (leads.Count > 0)
        {
            var turns = problem is null
                ? await ActivatorUtilities.CreateInstance<BulkChangeTurns>(scope.ServiceProvider, job).Take(leads, ct) : [.. leads.Select(lead => new BulkChangeTurn(lead, problem))];
            await Write(db, job.Id, turns, ct);
        }
        await transaction.CommitAsync(ct);
        return leads.Count > 0 ? null : asked == nameof(BulkChangeState.Running) ? BulkChangeState.Completed : Enum.Parse<BulkChangeState>(asked);
    }

    private static async Task Write(LeadsDb db, Guid job, IReadOnlyList<BulkChangeTurn> turns, CancellationToken ct)
    {
        var refused = turns.Count(turn => turn.Problem is not null);
        await db.Database.ExecuteSqlAsync($"update bulk_changes set changed = changed + {turns.Count - refused}, refused = refused + {refused}, attempts = 0 where id = {job}", ct);
        var ids = turns.Select(turn => turn.Lead.Id).ToArray();
        var states = turns.Select(turn => (turn.Problem is null ? BulkChangeLeadState.Changed : BulkChangeLeadState.Refused).ToString()).ToArray();
        var problems = turns.Select(turn => turn.Problem is { } problem ? JsonSerializer.Serialize(problem, JsonColumns.Options) : null).ToArray();
        await db.Database.ExecuteSqlAsync($"""
            update bulk_change_leads l set state = v.state, problem = v.problem::jsonb
            from unnest({ids}, {states}, {problems}) as v(id, state, problem) where l.id = v.id
            """, ct);
    }

    private static bool SpoilsTheChunk(Exception ex) =>
        ex is not (OperationCanceledException or LeaseLostException or NpgsqlException { IsTransient: true } or DbUpdateException { InnerException: NpgsqlException { IsTransient: true } });
}

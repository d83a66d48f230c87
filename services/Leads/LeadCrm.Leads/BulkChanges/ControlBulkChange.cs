using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>Pauses a change of many leads, lets it go on, or ends it. Leads that are changed stay so.</summary>
internal static class ControlBulkChange
{
    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Pause(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkChangeRun> signal, CancellationToken ct) => Change(id, job => job.Pause(), db, access, signal, ct);

    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Resume(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkChangeRun> signal, CancellationToken ct) => Change(id, job => job.Resume(), db, access, signal, ct);

    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Cancel(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkChangeRun> signal, CancellationToken ct) => Change(id, job => job.Cancel(), db, access, signal, ct);

    private static async Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Change(
        Guid id, Action<BulkChange> change, LeadsDb db, LeadAccess access, JobSignal<BulkChangeRun> signal, CancellationToken ct)
    {
        var answer = await db.InTransaction<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>>(async () =>
        {
            var job = await db.Set<BulkChange>().FromSql($"select * from bulk_changes where id = {id} for update").FirstOrDefaultAsync(ct);
            if (job is null || !access.Scope.CanSee(job.CreatedById)) return Problems.NotFound();
            access.Scope.DemandEdit(job.CreatedById);
            change(job);
            await db.SaveChangesAsync(ct);
            return TypedResults.Accepted($"/api/leads/bulk-changes/{id}", BulkChangeAnswer.Of(job));
        }, ct);
        signal.Wake();
        return answer;
    }
}

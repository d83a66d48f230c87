using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>Pauses a bulk conversion, lets it go on, or ends it. Leads that are under way go on to their end; what is converted stays.</summary>
internal static class ControlBulkConversion
{
    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Pause(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkConversionRun> signal, CancellationToken ct) => Change(id, job => job.Pause(), db, access, signal, ct);

    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Resume(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkConversionRun> signal, CancellationToken ct) => Change(id, job => job.Resume(), db, access, signal, ct);

    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Cancel(
        Guid id, LeadsDb db, LeadAccess access, JobSignal<BulkConversionRun> signal, TimeProvider clock, CancellationToken ct) =>
        Change(id, job => job.Cancel(clock.GetUtcNow()), db, access, signal, ct);

    private static async Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Change(
        Guid id, Action<BulkConversion> change, LeadsDb db, LeadAccess access, JobSignal<BulkConversionRun> signal, CancellationToken ct)
    {
        var answer = await db.InTransaction<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>>(async () =>
        {
            var job = await db.Set<BulkConversion>().FromSql($"select * from bulk_conversions where id = {id} for update").FirstOrDefaultAsync(ct);
            if (job is null || !access.Scope.CanSee(job.CreatedById)) return Problems.NotFound();
            access.Scope.DemandEdit(job.CreatedById);
            change(job);
            await db.SaveChangesAsync(ct);
            return TypedResults.Accepted($"/api/leads/bulk-conversions/{id}", BulkConversionAnswer.Of(job));
        }, ct);
        signal.Wake();
        return answer;
    }
}

using System.Runtime.CompilerServices;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.LeasedJobs;

/// <summary>Pauses a job, lets it go on, or ends it.</summary>
internal sealed class JobControl<TJob, TWork>(LeadsDb db, LeadAccess access, JobSignal<TWork> signal) where TJob : class, ILeasedJob where TWork : ILeasedWork
{
    /// <summary>Changes the job while no run takes a step of it, and wakes the worker.</summary>
    public async Task<Results<Accepted<TAnswer>, ProblemHttpResult>> Change<TAnswer>(Guid id, Action<TJob> change, Func<TJob, TAnswer> toAnswer, CancellationToken ct)
    {
        var held = FormattableStringFactory.Create($"select * from {TWork.Tables.Jobs} where id = {{0}} for update", id);
        var answer = await db.InTransaction<Results<Accepted<TAnswer>, ProblemHttpResult>>(async () =>
        {
            var job = await db.Set<TJob>().FromSql(held).FirstOrDefaultAsync(ct);
            if (job is null || !access.Scope.CanSee(job.CreatedById)) return Problems.NotFound();
            access.Scope.DemandEdit(job.CreatedById);
            change(job);
            await db.SaveChangesAsync(ct);
            return TypedResults.Accepted($"{TWork.Address}/{id}", toAnswer(job));
        }, ct);
        signal.Wake();
        return answer;
    }
}

using LeadCrm.Leads.LeasedJobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>Pauses a change of many leads, lets it go on, or ends it. Leads that are changed stay so.</summary>
internal static class ControlBulkChange
{
    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Pause(Guid id, JobControl<BulkChange, BulkChangeRun> job, CancellationToken ct) =>
        job.Change(id, one => one.Pause(), BulkChangeAnswer.Of, ct);

    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Resume(Guid id, JobControl<BulkChange, BulkChangeRun> job, CancellationToken ct) =>
        job.Change(id, one => one.Resume(), BulkChangeAnswer.Of, ct);

    internal static Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Cancel(Guid id, JobControl<BulkChange, BulkChangeRun> job, CancellationToken ct) =>
        job.Change(id, one => one.Cancel(), BulkChangeAnswer.Of, ct);
}

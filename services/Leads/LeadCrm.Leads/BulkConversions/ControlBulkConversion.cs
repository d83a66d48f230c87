using LeadCrm.Leads.LeasedJobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>Pauses a bulk conversion, lets it go on, or ends it. Leads that are under way go on to their end; what is converted stays.</summary>
internal static class ControlBulkConversion
{
    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Pause(Guid id, JobControl<BulkConversion, BulkConversionRun> job, CancellationToken ct) =>
        job.Change(id, one => one.Pause(), BulkConversionAnswer.Of, ct);

    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Resume(Guid id, JobControl<BulkConversion, BulkConversionRun> job, CancellationToken ct) =>
        job.Change(id, one => one.Resume(), BulkConversionAnswer.Of, ct);

    internal static Task<Results<Accepted<BulkConversionAnswer>, ProblemHttpResult>> Cancel(Guid id, JobControl<BulkConversion, BulkConversionRun> job, TimeProvider clock, CancellationToken ct) =>
        job.Change(id, one => one.Cancel(clock.GetUtcNow()), BulkConversionAnswer.Of, ct);
}

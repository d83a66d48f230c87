using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>Shows changes of many leads: one, all, what became of each lead, and the progress as it happens.</summary>
internal static class ReadBulkChanges
{
    private static readonly ListFields<BulkChange> Fields = new ListFields<BulkChange>()
        .Add("state", j => j.State).Add("createdById", j => j.CreatedById).Add("createdAt", j => j.CreatedAt).Add("total", j => j.Total);

    private static readonly ListFields<BulkChangeLead> LeadFields = new ListFields<BulkChangeLead>()
        .Add("position", l => l.Position).Add("state", l => l.State).Add("leadId", l => l.LeadId);

    /// <summary>One of the leads and what became of it.</summary>
    internal sealed record Outcome
    {
        /// <summary>Its place.</summary>
        public required int Position { get; init; }
        /// <summary>The lead.</summary>
        public required Guid LeadId { get; init; }
        /// <summary>Its name, in the recycle bin too; null when the caller may not see it or it is gone for good.</summary>
        public string? Name { get; init; }
        /// <summary>Where it stands.</summary>
        public required BulkChangeLeadState State { get; init; }
        /// <summary>Why it was refused.</summary>
        public BulkChangeProblem? Problem { get; init; }
    }

    internal static async Task<Results<Ok<BulkChangeAnswer>, ProblemHttpResult>> One(Guid id, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        await Find(db, access, id, ct) is { } job ? TypedResults.Ok(BulkChangeAnswer.Of(job)) : Problems.NotFound();

    internal static async Task<Ok<ListPage<BulkChangeAnswer>>> All(HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        TypedResults.Ok(await Lists.Page(Visible(db, access), Fields, request, "-createdAt", job => job, BulkChangeAnswer.Of, ct));

    /// <summary>What became of each lead, as a page or as a file. Names are of now, and only of leads that the caller may see now.</summary>
    internal static async Task<Results<Ok<ListPage<Outcome>>, ProblemHttpResult>> Leads(Guid id, HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct)
    {
        if (await Find(db, access, id, ct) is null) return Problems.NotFound();
        var visible = access.VisibleDeletedToo.AsNoTracking();
        return TypedResults.Ok(await Lists.Page(
            db.Set<BulkChangeLead>().AsNoTracking().Where(l => l.BulkChangeId == id), LeadFields, request, "position",
            l => new Outcome
            {
                Position = l.Position, LeadId = l.LeadId, State = l.State, Problem = l.Problem,
                Name = visible.Where(lead => lead.Id == l.LeadId).Select(lead => lead.FirstName == null ? lead.LastName : lead.FirstName + " " + lead.LastName).FirstOrDefault(),
            }, ct));
    }

    /// <summary>Server-sent events: the change whenever it has moved, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<BulkChangeAnswer>, ProblemHttpResult>> Progress(
        Guid id, LeadsDb db, LeadAccess access, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken ct) =>
        await Find(db, access, id, ct) is null ? Problems.NotFound() : TypedResults.ServerSentEvents(JobProgress.Follow<BulkChange, BulkChangeAnswer>(
            id, job => (job.State, job.Changed, job.Refused, job.PauseRequested, job.CancelRequested), BulkChangeAnswer.Of, scopes, clock, ct));

    private static IQueryable<BulkChange> Visible(LeadsDb db, LeadAccess access) =>
        db.Set<BulkChange>().AsNoTracking().VisibleTo(access.Scope, job => job.CreatedById);

    private static Task<BulkChange?> Find(LeadsDb db, LeadAccess access, Guid id, CancellationToken ct) =>
        Visible(db, access).FirstOrDefaultAsync(job => job.Id == id, ct);
}

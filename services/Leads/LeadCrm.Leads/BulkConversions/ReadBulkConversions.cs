using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>Shows bulk conversions: one, all, the outcome of each lead, and the progress as it happens.</summary>
internal static class ReadBulkConversions
{
    private static readonly ListFields<BulkConversion> Fields = new ListFields<BulkConversion>()
        .Add("state", j => j.State).Add("createdById", j => j.CreatedById).Add("createdAt", j => j.CreatedAt).Add("total", j => j.Total).Add("ruleId", j => j.RuleId);

    private static readonly ListFields<BulkConversionLead> LeadFields = new ListFields<BulkConversionLead>()
        .Add("position", l => l.Position).Add("state", l => l.State).Add("leadId", l => l.LeadId).Add("accountId", l => l.AccountId);

    /// <summary>A lead of a bulk conversion and what became of it.</summary>
    /// <param name="Position">Its place.</param>
    /// <param name="LeadId">The lead.</param>
    /// <param name="State">Where it stands.</param>
    /// <param name="ConversionId">Its conversion, once one has begun.</param>
    /// <param name="AccountId">The account it became.</param>
    /// <param name="ContactId">The contact it became.</param>
    /// <param name="OpportunityId">The opportunity it became.</param>
    /// <param name="Problem">Why it was not converted.</param>
    internal sealed record Outcome(
        int Position, Guid LeadId, BulkLeadState State, Guid? ConversionId, Guid? AccountId, Guid? ContactId, Guid? OpportunityId, BulkLeadProblem? Problem);

    internal static async Task<Results<Ok<BulkConversionAnswer>, ProblemHttpResult>> One(Guid id, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        await Find(db, access, id, ct) is { } job ? TypedResults.Ok(BulkConversionAnswer.Of(job)) : Problems.NotFound();

    internal static async Task<Ok<ListPage<BulkConversionAnswer>>> All(HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct) =>
        TypedResults.Ok(await Lists.Page(Visible(db, access), Fields, request, "-createdAt", job => job, BulkConversionAnswer.Of, ct));

    /// <summary>The outcome of each lead, as a page or as a file.</summary>
    internal static async Task<Results<Ok<ListPage<Outcome>>, ProblemHttpResult>> Leads(Guid id, HttpRequest request, LeadsDb db, LeadAccess access, CancellationToken ct)
    {
        if (await Find(db, access, id, ct) is null) return Problems.NotFound();
        return TypedResults.Ok(await Lists.Page(
            db.Set<BulkConversionLead>().AsNoTracking().Where(l => l.BulkConversionId == id), LeadFields, request, "position", l => l,
            l => new Outcome(l.Position, l.LeadId, l.State, l.ConversionId, l.AccountId, l.ContactId, l.OpportunityId, l.Problem), ct));
    }

    /// <summary>Server-sent events: the bulk conversion whenever it has moved, until it is over.</summary>
    internal static async Task<Results<ServerSentEventsResult<BulkConversionAnswer>, ProblemHttpResult>> Progress(
        Guid id, LeadsDb db, LeadAccess access, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken ct) =>
        await Find(db, access, id, ct) is null ? Problems.NotFound() : TypedResults.ServerSentEvents(JobProgress.Follow<BulkConversion, BulkConversionAnswer>(
            id, job => (job.State, job.Converted, job.Failed, job.Skipped, job.PauseRequested, job.CancelRequested), BulkConversionAnswer.Of, scopes, clock, ct));

    private static IQueryable<BulkConversion> Visible(LeadsDb db, LeadAccess access) =>
        db.Set<BulkConversion>().AsNoTracking().VisibleTo(access.Scope, job => job.CreatedById);

    private static Task<BulkConversion?> Find(LeadsDb db, LeadAccess access, Guid id, CancellationToken ct) =>
        Visible(db, access).FirstOrDefaultAsync(job => job.Id == id, ct);
}

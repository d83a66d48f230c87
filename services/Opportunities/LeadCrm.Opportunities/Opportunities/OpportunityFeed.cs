using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>All opportunities in the order of their ids, deleted ones included, for services that keep a copy: the state that an event would carry.</summary>
internal static class OpportunityFeed
{
    private const int LargestLimit = 5_000;

    /// <summary>A page of the feed.</summary>
    /// <param name="Records">The opportunities.</param>
    /// <param name="Next">Where the next page begins; null after the last one.</param>
    internal sealed record Page(IReadOnlyList<OpportunityChanged> Records, Guid? Next);

    public static void MapOpportunityFeed(this IEndpointRouteBuilder app) =>
        app.MapGet("/internal/opportunities/changes", Handle).RequireInternal().WithTags("Internal")
            .WithSummary("Opportunities as their events tell of them, in the order of ids");

    private static async Task<Ok<Page>> Handle(OpportunitiesDb db, OpportunityAccess access, CancellationToken ct, Guid? after = null, int limit = 1_000)
    {
        limit = Math.Clamp(limit, 1, LargestLimit);
        var from = after ?? Guid.Empty;
        var stages = await access.Pipelines(ct);
        var opportunities = await db.Opportunities.AsNoTracking().IgnoreQueryFilters([PlatformModel.RecycleBin]).Include(o => o.ContactRoles)
            .Where(o => o.Id > from).OrderBy(o => o.Id).Take(limit).ToListAsync(ct);
        var ids = opportunities.Select(o => o.Id).ToArray();
        var pending = await db.ConversionSteps.AsNoTracking()
            .Where(s => s.OpportunityId != null && ids.Contains(s.OpportunityId.Value) && s.State == ConversionStepState.Applied && s.Filled != null)
            .Select(s => new { Id = s.OpportunityId!.Value, Filled = s.Filled! }).ToListAsync(ct);

        return TypedResults.Ok(new Page(
            [.. opportunities.Select(o => OpportunityEvents.Changed(
                o, o.DeletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted, stages.Stage(o.StageId)!, pending.Where(p => p.Id == o.Id).Select(p => p.Filled), null, o.UpdatedAt)
                with { Version = o.Version })],
            opportunities.Count < limit ? null : opportunities[^1].Id));
    }
}

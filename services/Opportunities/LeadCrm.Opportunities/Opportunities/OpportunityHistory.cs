using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Who changed which field from what to what.</summary>
internal static class OpportunityHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, OpportunitiesDb db, OpportunityAccess access, CancellationToken ct) =>
        await access.Visible(db.Opportunities.IgnoreQueryFilters()).AnyAsync(o => o.Id == id, ct)
            ? TypedResults.Ok(await History.Page(db, "opportunity", id, request, ct))
            : Problems.NotFound();
}

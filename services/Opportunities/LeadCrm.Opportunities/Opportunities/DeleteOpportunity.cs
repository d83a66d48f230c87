using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Puts an opportunity into the recycle bin.</summary>
internal static class DeleteOpportunity
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, OpportunityAccess access, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(id, http.RequireIfMatch(), ct);
        if (opportunity is null) return Problems.NotFound();
        await access.RefuseWhileConversionUses(id, ct);

        opportunity.Delete(OpportunityAccess.ActorId, clock.GetUtcNow());
        await access.Save(opportunity, ChangeKind.Deleted, ct);
        return TypedResults.NoContent();
    }
}

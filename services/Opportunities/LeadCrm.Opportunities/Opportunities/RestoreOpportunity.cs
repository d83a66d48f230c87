using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Takes an opportunity out of the recycle bin, with its contacts and its history.</summary>
internal static class RestoreOpportunity
{
    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(
        Guid id, OpportunitiesDb db, OpportunityAccess access, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(db.Opportunities.IgnoreQueryFilters(), id, ct);
        if (opportunity is null) return Problems.NotFound();
        opportunity.Restore(OpportunityAccess.ActorId, clock.GetUtcNow());
        await access.Save(opportunity, ChangeKind.Restored, ct);
        return Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version);
    }
}

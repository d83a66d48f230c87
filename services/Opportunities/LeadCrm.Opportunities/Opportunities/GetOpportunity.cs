using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Reads one opportunity, also a provisional one.</summary>
internal static class GetOpportunity
{
    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(Guid id, OpportunityAccess access, CancellationToken ct) =>
        await access.Find(id, ct) is { } opportunity
            ? Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version)
            : Problems.NotFound();
}

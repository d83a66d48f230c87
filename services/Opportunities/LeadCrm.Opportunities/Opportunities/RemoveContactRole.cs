using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Takes a contact off the deal.</summary>
internal static class RemoveContactRole
{
    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(
        Guid id, Guid contactId, HttpContext http, OpportunitiesDb db, OpportunityAccess access, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(id, http.RequireIfMatch(), ct);
        if (opportunity is null) return Problems.NotFound();
        var (before, now) = (opportunity.Snapshot(), clock.GetUtcNow());
        if (!opportunity.RemoveContactRole(contactId, OpportunityAccess.ActorId, now)) return Problems.NotFound("This contact is not on the deal.");

        db.Add(opportunity.ChangedContacts(before, now));
        await access.Save(opportunity, ChangeKind.Updated, ct);
        return Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version);
    }
}

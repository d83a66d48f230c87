using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Gives a contact a role in the deal, or another one; making it primary takes that from the contact before (OP5).</summary>
internal static class SetContactRole
{
    internal sealed record Request
    {
        /// <summary>Its part in the deal.</summary>
        public ContactRoleKind Role { get; init; }
        /// <summary>True: this is the one primary contact from now on.</summary>
        public bool IsPrimary { get; init; }
    }

    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(Guid id, Guid contactId, Request request,
        HttpContext http, OpportunitiesDb db, OpportunityAccess access, AccountsClient accounts, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(id, http.RequireIfMatch(), ct);
        if (opportunity is null) return Problems.NotFound();

        var errors = new FieldErrors();
        if (opportunity.RoleOf(contactId) is null)
        {
            if (opportunity.ContactRoles.Count >= OpportunityValues.ListLength) errors.Add("contactId", $"Up to {OpportunityValues.ListLength} contacts can be on a deal.");
            await accounts.RequireContact(contactId, "contactId", errors, ct);
        }
        errors.ThrowIfAny();

        var (before, now) = (opportunity.Snapshot(), clock.GetUtcNow());
        opportunity.SetContactRole(contactId, request.Role, request.IsPrimary, OpportunityAccess.ActorId, now);
        db.Add(opportunity.ChangedContacts(before, now));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The unique index allows no second primary contact even for a moment, and EF may write the new one first.
        var named = opportunity.RoleOf(contactId)!.ContactId;
        if (request.IsPrimary)
            await db.ContactRoles.Where(r => r.OpportunityId == id && r.IsPrimary && r.ContactId != named)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.IsPrimary, false), ct);
        await access.Save(opportunity, ChangeKind.Updated, ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version);
    }
}

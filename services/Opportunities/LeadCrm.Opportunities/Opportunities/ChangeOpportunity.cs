using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Changes fields of an opportunity by merge patch. The stage is moved by <see cref="MoveStage"/> only.</summary>
internal static class ChangeOpportunity
{
    internal static async Task<Results<VersionedOk<OpportunityResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<OpportunityInput> patch,
        HttpContext http, OpportunityAccess access, AccountsClient accounts, CustomValues custom, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await access.FindForEdit(id, http.RequireIfMatch(), ct);
        if (opportunity is null) return Problems.NotFound();

        await Apply(opportunity, patch, access, accounts, custom, organisation.Value, clock.GetUtcNow(), ct);
        await access.Save(opportunity, ChangeKind.Updated, ct);
        return Answers.Ok(await access.Describe(opportunity, ct), opportunity.Version);
    }

    /// <summary>The change that a patch asks for, checked but not saved; also for lines of a bulk request.</summary>
    internal static async Task Apply(Opportunity opportunity, MergePatch<OpportunityInput> patch, OpportunityAccess access, AccountsClient accounts, CustomValues custom,
        OrganisationOptions organisation, DateTimeOffset now, CancellationToken ct)
    {
        var input = patch.ApplyTo(OpportunityInput.From(opportunity));
        if (input.OwnerId is { } owner && owner != opportunity.OwnerId) access.Scope.DemandTransfer(opportunity.OwnerId);
        var stage = (await access.Pipelines(ct)).Stage(opportunity.StageId)!;
        var errors = new FieldErrors();
        var values = input.ToValues(stage, organisation.Currency, opportunity.CloseDate, Guid.Empty)
            with { Custom = patch.Members.SequenceEqual(["ownerId"]) ? input.Custom : await custom.ForEdit("opportunity", input.Custom, opportunity.Custom, errors, ct) };

        if (input.CloseDate is null) errors.Add("closeDate", "A close date is needed.");
        foreach (var (field, message) in values.Violations()) errors.Add(field, message);
        if (values.OwnerId != opportunity.OwnerId && values.OwnerId != Guid.Empty) access.RequireActiveUser(values.OwnerId, "ownerId", errors);
        foreach (var member in values.Team.Where(m => opportunity.Team.All(before => before.UserId != m.UserId))) access.RequireActiveUser(member.UserId, "team", errors);
        if (values.AccountId != opportunity.AccountId && values.AccountId != Guid.Empty)
        {
            await access.RefuseWhileConversionUses(opportunity.Id, ct);
            await accounts.RequireAccount(values.AccountId, "accountId", errors, ct);
        }
        errors.ThrowIfAny();

        opportunity.Change(values, OpportunityAccess.ActorId, now);
    }
}

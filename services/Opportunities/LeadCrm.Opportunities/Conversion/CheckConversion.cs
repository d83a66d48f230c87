using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Step 0 of a conversion: the verdict that the step would give to the caller now, with the account's open opportunities to choose from
/// (C22). Writes nothing. The answer is 200 whatever the verdict; its <c>status</c> says what the step would say.
/// </summary>
internal static class CheckConversion
{
    private const int MostOpenOpportunities = 100;

    internal static async Task<Ok<OpportunityConversionCheck>> Handle(CreateOrAttachOpportunity command, OpportunitiesDb db, PipelineCache pipelines,
        IVisibility visibility, ConversionCustomFacts custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        var existing = await db.Opportunities.AsNoTracking().IgnoreQueryFilters().Include(o => o.ContactRoles)
            .FirstOrDefaultAsync(o => o.Id == command.OpportunityId, ct);
        var scope = visibility.Of("opportunity");
        if (!command.Create && existing is not null && !scope.CanSee(existing.OwnerId)) existing = null;
        var facts = new ConversionFacts(
            MayCreate: actor.Has("opportunities.create"),
            MayEdit: actor.Has("opportunities.edit"),
            OwnerIsActive: directory.FindUser(command.OwnerId) is { IsActive: true },
            Pipelines: await pipelines.Get(db, ct),
            Existing: existing,
            DefaultCurrency: organisation.Value.Currency,
            DefaultCloseDate: organisation.Value.DefaultCloseDate(clock.GetUtcNow()),
            ExistingIsEditable: existing is null || scope.CanEdit(existing.OwnerId))
        {
            Custom = await custom.Of(command, willWrite: false, ct),
        };

        // Whoever may not read opportunities is not shown them on this way either.
        var open = command.AccountIsNew || !actor.Has("opportunities.read") ? [] : await OpenOpportunities(db, scope, command.AccountId, ct);
        return TypedResults.Ok(ConversionDecision.Decide(command, facts) switch
        {
            ConversionVerdict.Refuse refused => new OpportunityConversionCheck
            {
                Status = refused.Status, Reason = refused.Reason, Violations = refused.Violations, OpenOpportunities = open,
            },
            ConversionVerdict.Create create => new OpportunityConversionCheck
            {
                Status = 200, OpenOpportunities = open, Provenance = create.Provenance, Name = create.Values.Name,
            },
            ConversionVerdict.Attach attach => new OpportunityConversionCheck
            {
                Status = 200, OpenOpportunities = open, Provenance = attach.Provenance, Name = existing!.Name, Updates = attach.Changes,
            },
            var other => throw new InvalidOperationException($"Unknown verdict {other}."),
        });
    }

    private static Task<List<OpenOpportunity>> OpenOpportunities(OpportunitiesDb db, Scope scope, Guid accountId, CancellationToken ct) => (
        from o in db.Opportunities.AsNoTracking().VisibleTo(scope, o => o.OwnerId)
        join s in db.Stages on o.StageId equals s.Id
        where o.AccountId == accountId && s.Category == StageCategory.Open
        orderby o.CloseDate, o.Id
        select new OpenOpportunity
        {
            OpportunityId = o.Id, AccountId = o.AccountId, Name = o.Name, Stage = s.Name, Amount = o.Amount, Currency = o.Currency, CloseDate = o.CloseDate,
        }).Take(MostOpenOpportunities).ToListAsync(ct);
}

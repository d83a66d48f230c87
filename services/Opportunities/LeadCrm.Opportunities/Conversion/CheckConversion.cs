using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
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
    private const int MostAtOnce = 500;

    internal static async Task<Ok<OpportunityConversionCheck>> Handle(CreateOrAttachOpportunity command, OpportunitiesDb db, PipelineCache pipelines,
        IVisibility visibility, CustomValues custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok((await Check([command], db, pipelines, visibility, custom, directory, organisation, clock, ct))[0]);

    internal static async Task<Results<Ok<OpportunityConversionChecks>, ProblemHttpResult>> HandleAll(CreateOrAttachOpportunities commands, OpportunitiesDb db,
        PipelineCache pipelines, IVisibility visibility, CustomValues custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        if (commands.Items.Count is 0 or > MostAtOnce) return Problems.Of(400, "bad-chunk", "Bad request", $"items holds 1 to {MostAtOnce} commands.");
        return TypedResults.Ok(new OpportunityConversionChecks { Items = await Check(commands.Items, db, pipelines, visibility, custom, directory, organisation, clock, ct) });
    }

    /// <summary>For the Leads service itself, when no request stands behind it: each command is checked with the rights of its user.</summary>
    internal static async Task<Results<Ok<OpportunityConversionChecks>, ProblemHttpResult>> HandleInternal(CreateOrAttachOpportunities commands, OpportunitiesDb db,
        PipelineCache pipelines, IVisibility visibility, CustomValues custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        if (commands.Items.Count is 0 or > MostAtOnce) return Problems.Of(400, "bad-chunk", "Bad request", $"items holds 1 to {MostAtOnce} commands.");
        var verdicts = new Dictionary<Guid, OpportunityConversionCheck>();
        foreach (var same in commands.Items.DistinctBy(command => command.ConversionId).GroupBy(command => command.ActingUserId))
        {
            var user = directory.FindUser(same.Key) is { IsActive: true } active ? active : null;
            using var acting = Actor.Use(new Actor { UserId = same.Key, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>() });
            CreateOrAttachOpportunity[] mine = [.. same];
            var checks = await Check(mine, db, pipelines, visibility, custom, directory, organisation, clock, ct);
            foreach (var (command, check) in mine.Zip(checks)) verdicts[command.ConversionId] = check;
        }
        return TypedResults.Ok(new OpportunityConversionChecks { Items = [.. commands.Items.Select(command => verdicts[command.ConversionId])] });
    }

    private static async Task<IReadOnlyList<OpportunityConversionCheck>> Check(IReadOnlyList<CreateOrAttachOpportunity> commands, OpportunitiesDb db,
        PipelineCache pipelines, IVisibility visibility, CustomValues custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        var scope = visibility.Of("opportunity");
        Guid[] ids = [.. commands.Select(command => command.OpportunityId)];
        var existing = await db.Opportunities.AsNoTracking().IgnoreQueryFilters().Include(o => o.ContactRoles).Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, ct);
        // Whoever may not read opportunities is not shown them on this way either.
        Guid[] accounts = actor.Has("opportunities.read") ? [.. commands.Where(command => !command.AccountIsNew).Select(command => command.AccountId).Distinct()] : [];
        var open = new Dictionary<Guid, IReadOnlyList<OpenOpportunity>>();
        foreach (var account in accounts) open[account] = await OpenOpportunities(db, scope, account, ct);

        var stages = await pipelines.Get(db, ct);
        List<OpportunityConversionCheck> checks = [];
        foreach (var command in commands)
        {
            var record = existing.GetValueOrDefault(command.OpportunityId);
            if (!command.Create && record is not null && !scope.CanSee(record.OwnerId)) record = null;
            var facts = new ConversionFacts(
                MayCreate: actor.Has("opportunities.create"),
                MayEdit: actor.Has("opportunities.edit"),
                OwnerIsActive: directory.FindUser(command.OwnerId) is { IsActive: true },
                Pipelines: stages,
                Existing: record,
                DefaultCurrency: organisation.Value.Currency,
                DefaultCloseDate: organisation.Value.DefaultCloseDate(clock.GetUtcNow()),
                ExistingIsEditable: record is null || scope.CanEdit(record.OwnerId))
            {
                Custom = await custom.Facts("opportunity", command.Custom, command.Create, willWrite: false, checkLookups: true, ct),
            };
            checks.Add(Verdict(ConversionDecision.Decide(command, facts), record?.Name, command.AccountIsNew ? [] : open.GetValueOrDefault(command.AccountId) ?? []));
        }
        return checks;
    }

    private static OpportunityConversionCheck Verdict(ConversionVerdict verdict, string? existing, IReadOnlyList<OpenOpportunity> open) => verdict switch
    {
        ConversionVerdict.Refuse refused => new OpportunityConversionCheck
        {
            Status = refused.Status, Reason = refused.Reason, Violations = refused.Violations, OpenOpportunities = open,
        },
        ConversionVerdict.Create create => new OpportunityConversionCheck { Status = 200, OpenOpportunities = open, Provenance = create.Provenance, Name = create.Values.Name },
        ConversionVerdict.Attach attach => new OpportunityConversionCheck
        {
            Status = 200, OpenOpportunities = open, Provenance = attach.Provenance, Name = existing, Updates = attach.Changes,
        },
        var other => throw new InvalidOperationException($"Unknown verdict {other}."),
    };

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

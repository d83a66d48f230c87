using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Step 2 of some conversions: creates each one's opportunity (provisional) or attaches the contact to an existing one. Repeats the stored answer
/// of a conversion that asks again. One read for new opportunities (two with existing ones among them), one batch of writes, one message with all
/// answers, one commit.
/// </summary>
internal sealed class CreateOrAttachOpportunityConsumer(
    OpportunitiesDb db, PipelineCache pipelines, IVisibility visibility, CustomValues custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock)
    : IConsumer<CreateOrAttachOpportunities>, IConsumer<CreateOrAttachOpportunity>
{
    public Task Consume(ConsumeContext<CreateOrAttachOpportunities> context) => context.InOneGo(db, context.Message.Items,
        items => Take(context, items), item => new CreateOrAttachOpportunities { Items = [item] });

    /// <summary>What was sent by a version that sent single commands.</summary>
    public Task Consume(ConsumeContext<CreateOrAttachOpportunity> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<CreateOrAttachOpportunity> commands)
    {
        var ct = context.CancellationToken;
        List<OpportunityReady> ready = [];
        List<OpportunityRefused> refused = [];
        var steps = await db.FindSteps(commands.Select(command => command.ConversionId), ct);
        // The id of a new one was made for its conversion: should it be taken all the same, the primary key says so.
        var existing = await db.LockForConversion(
            [.. commands.Where(command => !command.Create && !steps.ContainsKey(command.ConversionId)).Select(command => command.OpportunityId)], ct);
        var stages = await pipelines.Get(db, ct);

        foreach (var command in commands)
        {
            if (steps.TryGetValue(command.ConversionId, out var step)) Repeat(step, ready, refused);
            else await Decide(command, existing.GetValueOrDefault(command.OpportunityId), stages, ready, refused, ct);
        }
        await context.PublishFor(commands[0].ConversionId, new OpportunitiesAnswered { Ready = ready, Refused = refused }, ct);
    }

    private async Task Decide(
        CreateOrAttachOpportunity command, Opportunity? existing, PipelineCatalog stages, List<OpportunityReady> ready, List<OpportunityRefused> refused, CancellationToken ct)
    {
        var user = directory.FindUser(command.ActingUserId);
        // A service that has heard of nobody yet would refuse everything; later it knows.
        if (user is null && directory.Users.Count == 0) throw new InvalidOperationException("The user directory has not arrived yet.");

        var now = clock.GetUtcNow();
        var actor = new Actor
        {
            UserId = command.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = command.ConversionId,
        };
        var scope = ScopeOf(actor);
        if (existing is not null && !scope.CanSee(existing.OwnerId)) existing = null;
        var facts = new ConversionFacts(
            MayCreate: user is { IsActive: true } && user.Permissions.Contains("opportunities.create"),
            MayEdit: user is { IsActive: true } && user.Permissions.Contains("opportunities.edit"),
            OwnerIsActive: directory.FindUser(command.OwnerId) is { IsActive: true },
            Pipelines: stages,
            Existing: existing,
            DefaultCurrency: organisation.Value.Currency,
            DefaultCloseDate: organisation.Value.DefaultCloseDate(now),
            ExistingIsEditable: existing is null || scope.CanEdit(existing.OwnerId))
        {
            // The check asked as the user who converts; the step, which nobody's request stands behind, relies on it.
            Custom = await custom.Facts("opportunity", command.Custom, command.Create, willWrite: true, checkLookups: false, ct),
        };

        switch (ConversionDecision.Decide(command, facts))
        {
            case ConversionVerdict.Refuse refusal:
                var no = new OpportunityRefused
                {
                    ConversionId = command.ConversionId, Status = refusal.Status, Reason = refusal.Reason, Violations = refusal.Violations,
                };
                db.Add(ConversionStep.Refuse(command, no, now));
                refused.Add(no);
                break;

            case ConversionVerdict.Create create:
                var created = Opportunity.Create(command.OpportunityId, create.Values, create.Stage, facts.Pipelines, null, command.ConversionId, command.ActingUserId, now);
                created.AddConvertedContact(command.ContactId, create.Role, isPrimary: true, command.ConversionId, command.ActingUserId, now);
                db.Add(created.ChangedBy(actor));
                ready.Add(Apply(command, created, create: true, updated: false, create.Provenance, null, create.Role, now));
                break;

            case ConversionVerdict.Attach attach:
                var attached = facts.Existing!.ChangedBy(actor);
                if (!attach.Fill.IsEmpty) attached.Fill(attach.Fill, command.ActingUserId, now);
                if (attach.AddRole is { } role)
                {
                    using var acting = Actor.Use(actor);
                    var before = attached.Snapshot();
                    attached.AddConvertedContact(command.ContactId, role, attach.AsPrimary, command.ConversionId, command.ActingUserId, now);
                    db.Add(attached.ChangedContacts(before, now));
                }
                ready.Add(Apply(command, attached, create: false, updated: attach.Changes, attach.Provenance,
                    attach.Fill.IsEmpty ? null : attach.Fill, attach.AddRole, now));
                break;
        }
    }

    /// <summary>What the user who converts may see and change.</summary>
    private Scope ScopeOf(Actor actor)
    {
        using var acting = Actor.Use(actor);
        return visibility.Of("opportunity");
    }

    private OpportunityReady Apply(CreateOrAttachOpportunity command, Opportunity opportunity, bool create, bool updated,
        IReadOnlyList<OpportunityProvenance> provenance, OpportunityFill? filled, ContactRoleKind? roleAdded, DateTimeOffset now)
    {
        var ready = new OpportunityReady
        {
            ConversionId = command.ConversionId,
            OpportunityId = opportunity.Id,
            Name = opportunity.Name,
            Created = create,
            Updated = updated,
            Provenance = provenance,
        };
        db.Add(ConversionStep.Apply(command, ready, filled, roleAdded, now));
        return ready;
    }

    private static void Repeat(ConversionStep step, List<OpportunityReady> ready, List<OpportunityRefused> refused)
    {
        switch (step)
        {
            case { State: ConversionStepState.Applied or ConversionStepState.Revealed, Ready: { } before }:
                ready.Add(before);
                break;
            case { State: ConversionStepState.Refused, Refused: { } before }:
                refused.Add(before);
                break;
            default:
                // Undone: this command is late, and what it asks for must not come to be any more.
                refused.Add(new OpportunityRefused
                {
                    ConversionId = step.ConversionId, Status = 409, Reason = "The conversion was undone before this step was asked for.",
                });
                break;
        }
    }
}

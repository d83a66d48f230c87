using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Step 2 of a conversion: creates the opportunity (provisional) or attaches the contact to an existing one. Repeats its stored answer
/// when it is asked again. One read for a new opportunity (two for an existing one), one batch of writes, one commit,
/// both made by the messaging pipeline.
/// </summary>
internal sealed class CreateOrAttachOpportunityConsumer(
    OpportunitiesDb db, PipelineCache pipelines, IVisibility visibility, ConversionCustomFacts custom, IDirectory directory, CurrentOrganisation organisation, TimeProvider clock)
    : IConsumer<CreateOrAttachOpportunity>
{
    public async Task Consume(ConsumeContext<CreateOrAttachOpportunity> context)
    {
        var command = context.Message;
        var ct = context.CancellationToken;
        if (await db.FindStep(command.ConversionId, ct) is { } step)
        {
            await Repeat(context, step);
            return;
        }

        var actor = directory.FindUser(command.ActingUserId);
        // A service that has heard of nobody yet would refuse everything; later it knows.
        if (actor is null && directory.Users.Count == 0) throw new InvalidOperationException("The user directory has not arrived yet.");

        var now = clock.GetUtcNow();
        // The id of a new one was made for this conversion: should it be taken all the same, the primary key says so.
        var existing = command.Create ? null : await db.LockForConversion(command.OpportunityId, ct);
        var scope = ScopeOf(command.ActingUserId, actor);
        if (existing is not null && !scope.CanSee(existing.OwnerId)) existing = null;
        var facts = new ConversionFacts(
            MayCreate: actor is { IsActive: true } && actor.Permissions.Contains("opportunities.create"),
            MayEdit: actor is { IsActive: true } && actor.Permissions.Contains("opportunities.edit"),
            OwnerIsActive: directory.FindUser(command.OwnerId) is { IsActive: true },
            Pipelines: await pipelines.Get(db, ct),
            Existing: existing,
            DefaultCurrency: organisation.Value.Currency,
            DefaultCloseDate: organisation.Value.DefaultCloseDate(now),
            ExistingIsEditable: existing is null || scope.CanEdit(existing.OwnerId))
        {
            Custom = await custom.Of(command, willWrite: true, ct),
        };

        switch (ConversionDecision.Decide(command, facts))
        {
            case ConversionVerdict.Refuse refusal:
                var refused = new OpportunityRefused
                {
                    ConversionId = command.ConversionId, Status = refusal.Status, Reason = refusal.Reason, Violations = refusal.Violations,
                };
                db.Add(ConversionStep.Refuse(command, refused, now));
                await context.PublishFor(command.ConversionId, refused, ct);
                break;

            case ConversionVerdict.Create create:
                var created = Opportunity.Create(command.OpportunityId, create.Values, create.Stage, facts.Pipelines, null, command.ConversionId, command.ActingUserId, now);
                created.AddConvertedContact(command.ContactId, create.Role, isPrimary: true, command.ConversionId, command.ActingUserId, now);
                db.Add(created);
                await Answer(context, Ready(command, created, create: true, updated: false, create.Provenance), null, create.Role, now);
                break;

            case ConversionVerdict.Attach attach:
                var attached = facts.Existing!;
                if (!attach.Fill.IsEmpty) attached.Fill(attach.Fill, command.ActingUserId, now);
                if (attach.AddRole is { } role)
                {
                    var before = attached.Snapshot();
                    attached.AddConvertedContact(command.ContactId, role, attach.AsPrimary, command.ConversionId, command.ActingUserId, now);
                    db.Add(attached.ChangedContacts(before, now));
                }
                await Answer(context, Ready(command, attached, create: false, updated: attach.Changes, attach.Provenance),
                    attach.Fill.IsEmpty ? null : attach.Fill, attach.AddRole, now);
                break;
        }
    }

    /// <summary>What the user who converts may see and change.</summary>
    private Scope ScopeOf(Guid userId, DirectoryUser? user)
    {
        using var acting = Actor.Use(new Actor { UserId = userId, Permissions = user?.Permissions ?? new HashSet<string>() });
        return visibility.Of("opportunity");
    }

    private async Task Answer(ConsumeContext<CreateOrAttachOpportunity> context, OpportunityReady ready, OpportunityFill? filled, ContactRoleKind? roleAdded, DateTimeOffset now)
    {
        db.Add(ConversionStep.Apply(context.Message, ready, filled, roleAdded, now));
        await context.PublishFor(ready.ConversionId, ready, context.CancellationToken);
    }

    private static OpportunityReady Ready(CreateOrAttachOpportunity command, Opportunity opportunity, bool create, bool updated,
        IReadOnlyList<OpportunityProvenance> provenance) => new()
    {
        ConversionId = command.ConversionId,
        OpportunityId = opportunity.Id,
        Name = opportunity.Name,
        Created = create,
        Updated = updated,
        Provenance = provenance,
    };

    private static Task Repeat(ConsumeContext<CreateOrAttachOpportunity> context, ConversionStep step) => step switch
    {
        { State: ConversionStepState.Applied or ConversionStepState.Revealed, Ready: { } ready } =>
            context.PublishFor(step.ConversionId, ready, context.CancellationToken),
        { State: ConversionStepState.Refused, Refused: { } refused } =>
            context.PublishFor(step.ConversionId, refused, context.CancellationToken),
        // Undone: this command is late, and what it asks for must not come to be any more.
        _ => context.PublishFor(step.ConversionId, new OpportunityRefused
        {
            ConversionId = step.ConversionId,
            Status = 409,
            Reason = "The conversion was undone before this step was asked for.",
        }, context.CancellationToken),
    };
}

using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Takes back what a conversion did here (C31): removes the opportunity it created, unless another conversion uses it by now; otherwise
/// takes its contact off and empties what it filled and nobody changed since. Leaves a tombstone, and answers also when there was nothing
/// to do.
/// </summary>
internal sealed class UndoOpportunityConsumer(OpportunitiesDb db, TimeProvider clock) : IConsumer<UndoOpportunities>, IConsumer<UndoOpportunity>
{
    public Task Consume(ConsumeContext<UndoOpportunities> context) => context.InOneGo(db, context.Message.Items,
        items => Take(context, items), item => new UndoOpportunities { Items = [item] });

    /// <summary>What was sent by a version that sent single commands.</summary>
    public Task Consume(ConsumeContext<UndoOpportunity> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<UndoOpportunity> commands)
    {
        // In one order, so that two chunks with the same deals do not wait for each other crosswise; each sees what the one before it left.
        foreach (var command in commands.OrderBy(command => command.ConversionId))
        {
            await Undo(command.ConversionId, context.CancellationToken);
            if (commands.Count > 1) await db.SaveChangesAsync(context.CancellationToken);
        }
        await context.PublishFor(commands[0].ConversionId, new OpportunitiesAnswered
        {
            Undone = [.. commands.Select(command => new OpportunityUndone { ConversionId = command.ConversionId })],
        }, context.CancellationToken);
    }

    private async Task Undo(Guid conversionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();

        var step = await db.FindStep(conversionId, ct);
        if (step is null) db.Add(ConversionStep.Tombstone(conversionId, now));
        else if (step.State != ConversionStepState.Undone)
        {
            if (step is { State: ConversionStepState.Applied, OpportunityId: { } opportunityId }) await TakeBack(step, opportunityId, now, ct);
            step.Undo(now);
        }
    }

    private async Task TakeBack(ConversionStep step, Guid opportunityId, DateTimeOffset now, CancellationToken ct)
    {
        var opportunity = await db.LockForConversion(opportunityId, ct);
        if (opportunity is null) return;
        // Looked for after the lock: whoever attached itself before is seen here, whoever comes later finds the record gone.
        var others = await db.ConversionSteps
            .Where(s => s.OpportunityId == opportunityId && s.ConversionId != step.ConversionId && (s.State == ConversionStepState.Applied || s.State == ConversionStepState.Revealed))
            .OrderBy(s => s.ConversionId).ToListAsync(ct);

        if (step.Created && opportunity.IsProvisional && others.Count == 0)
        {
            await db.Set<FieldHistoryRow>().Where(row => row.RecordId == opportunityId).ExecuteDeleteAsync(ct);
            db.Remove(opportunity);
            return;
        }

        if (step.Created && opportunity.IsProvisional)
        {
            var heir = others[0];
            heir.TakeOver(now);
            opportunity.PassTo(heir.ConversionId, now);
        }
        await RemoveContact(opportunity, step, others, now, ct);
        opportunity.EmptyAgain(step.Filled, opportunity.UpdatedBy, now);
    }

    private async Task RemoveContact(Opportunity opportunity, ConversionStep step, List<ConversionStep> others, DateTimeOffset now, CancellationToken ct)
    {
        var role = opportunity.ContactRoles.FirstOrDefault(r => r.PendingConversionId == step.ConversionId);
        if (role is null) return;
        var before = opportunity.Snapshot();
        if (others.Find(o => o.ContactId == role.ContactId && o.State == ConversionStepState.Applied) is { } sameContact)
        {
            opportunity.PassContactTo(role, sameContact.ConversionId, now);
            return;
        }

        // The next conversion's contact moves up; the row goes first, for the index allows one primary contact only.
        await db.ContactRoles.Where(r => r.OpportunityId == opportunity.Id && r.ContactId == role.ContactId).ExecuteDeleteAsync(ct);
        db.Entry(role).State = EntityState.Detached;
        var next = others.Select(o => o.ContactId).FirstOrDefault(id => id is not null && id != role.ContactId);
        opportunity.ContactWasRemoved(role, next, now);
        db.Add(opportunity.ChangedContacts(before, now));
    }
}

using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>
/// The undo is past its pivot: the opportunity that the conversion made goes to the recycle bin or passes to the conversion that uses it;
/// from one that was there before, the contact is taken off and what was filled is emptied, where nobody has changed it since. All of it is announced.
/// One commit; a repeat gets the same answer.
/// </summary>
internal sealed class LeadConversionUndoneConsumer(OpportunitiesDb db, UndoProbe probe, OpportunityAccess access, TimeProvider clock) : IConsumer<LeadConversionUndone>
{
    public async Task Consume(ConsumeContext<LeadConversionUndone> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        using var acting = Actor.Use(Actor.Current.For(message.UndoId));
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {message.UndoId} for update").FirstOrDefaultAsync(ct);
        if (hold is not { State: UndoHoldState.Held or UndoHoldState.Finished })
            throw new InvalidOperationException($"Undo {message.UndoId} is past its pivot, but nothing is held for it here (state: {hold?.State})");
        if (hold.State == UndoHoldState.Held)
        {
            if (hold.OpportunityId is { } opportunityId) hold.Fields = await TakeBack(message, opportunityId, ct);
            (hold.State, hold.At) = (UndoHoldState.Finished, clock.GetUtcNow());
        }
        await context.PublishFor(message.UndoId, new ConversionUndoFinished { UndoId = message.UndoId, Participant = "opportunities", Fields = hold.Fields }, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task<IReadOnlyList<UndoneField>> TakeBack(LeadConversionUndone message, Guid opportunityId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var opportunity = await db.LockForConversion(opportunityId, ct) ?? throw new InvalidOperationException($"Opportunity {opportunityId} of conversion {message.ConversionId} is gone.");
        var step = await db.FindStep(message.ConversionId, ct) ?? throw new InvalidOperationException($"Conversion {message.ConversionId} did nothing here.");
        var others = await probe.OthersOf(step, ct);
        step.Retract(now);
        if (opportunity.PendingConversionId == message.UndoId)
        {
            opportunity.RemoveByUndo(message.UndoId, OpportunityAccess.ActorId, now);
            await access.Announce(opportunity, ChangeKind.Deleted, ct);
            return [];
        }

        List<UndoneField> fields = [];
        if (step.Created) others.Find(s => s.State == ConversionStepState.Revealed)?.TakeOver(now);
        else fields.AddRange(opportunity.TakeBackFill(step, OpportunityAccess.ActorId, now)
            .Select(field => new UndoneField { RecordType = "opportunity", RecordId = opportunityId, Field = field.Field, Outcome = field.Restored ? "restored" : "kept" }));
        if (await RemoveContact(opportunity, step, others, now, ct) is { } removed)
            fields.Add(new UndoneField { RecordType = "opportunity", RecordId = opportunityId, Field = "contactRoles", Outcome = removed ? "restored" : "kept" });
        if (fields.Exists(field => field.Outcome == "restored")) await access.Announce(opportunity, opportunity.DeletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted, ct);
        return fields;
    }

    /// <summary>Takes the contact off that the conversion brought; false when somebody has given it another role since, null when there is none.</summary>
    private async Task<bool?> RemoveContact(Opportunity opportunity, ConversionStep step, List<ConversionStep> others, DateTimeOffset now, CancellationToken ct)
    {
        if (step.RoleAdded is null || opportunity.ContactRoles.FirstOrDefault(r => r.ContactId == step.ContactId) is not { } role) return null;
        if (!UndoProbe.IsOwn(role, step) || others.Exists(other => other.ContactId == step.ContactId)) return false;

        // The next conversion's contact moves up; the row goes first, for the index allows one primary contact only.
        var before = opportunity.Snapshot();
        await db.ContactRoles.Where(r => r.OpportunityId == opportunity.Id && r.ContactId == role.ContactId).ExecuteDeleteAsync(ct);
        db.Entry(role).State = EntityState.Detached;
        opportunity.ContactWasRemoved(role, others.Select(other => other.ContactId).FirstOrDefault(), now);
        db.Add(opportunity.ChangedContacts(before, now));
        return true;
    }
}

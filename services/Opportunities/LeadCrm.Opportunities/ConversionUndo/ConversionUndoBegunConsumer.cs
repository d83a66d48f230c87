using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>
/// Checks once more what stands in the way of an undo, holds the opportunity that the conversion made, keeps the account and contact that are to
/// go from being referred to, and answers. Nothing is announced.
/// </summary>
internal sealed class ConversionUndoBegunConsumer(OpportunitiesDb db, UndoProbe probe, IDirectory directory, TimeProvider clock) : IConsumer<ConversionUndoBegun>
{
    public async Task Consume(ConsumeContext<ConversionUndoBegun> context)
    {
        var (undo, ct) = (context.Message, context.CancellationToken);
        if (await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {undo.UndoId} for update").ToListAsync(ct) is [var known])
        {
            // Given up, or past its pivot, this question is late; otherwise it is the same once more.
            if (known is { State: UndoHoldState.Held, Check: { } before }) await Answer(context, before);
            return;
        }
        using var acting = Actor.Use(ActorOf(undo));

        // Locked before looking: who is at them now is seen, who comes later finds them held.
        Guid? accountId = undo.AccountCreated ? undo.AccountId : null, contactId = undo.ContactCreated ? undo.ContactId : null;
        await HeldReferences.Lock(db, new[] { accountId, contactId }.OfType<Guid>(), ct);
        var step = await db.FindStep(undo.ConversionId, ct);
        var opportunity = step?.OpportunityId is { } id ? await db.LockForConversion(id, ct) : null;
        var check = await probe.Ask(undo, onlyPermission: false, bySaga: true, ct);
        var mayGoOn = check.Status != 403;
        if (mayGoOn && undo.OpportunityCreated && step is { Created: true } && check.PassedOn.Count == 0) opportunity?.HoldForUndo(undo.UndoId, clock.GetUtcNow());
        db.UndoHolds.Add(new UndoHold
        {
            UndoId = undo.UndoId, ConversionId = undo.ConversionId, State = UndoHoldState.Held, OpportunityId = step?.OpportunityId,
            AccountId = mayGoOn ? accountId : null, ContactId = mayGoOn ? contactId : null, Check = check, At = clock.GetUtcNow(),
        });
        await Answer(context, check);
        await db.SaveChangesAsync(ct);
    }

    private Actor ActorOf(ConversionUndoBegun undo)
    {
        // A service that has heard of nobody yet would refuse everything; later it knows.
        if (directory.Users.Count == 0) throw new InvalidOperationException("The user directory has not arrived yet.");
        var user = directory.FindUser(undo.ActingUserId) is { IsActive: true } active ? active : null;
        return new Actor { UserId = undo.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = undo.UndoId };
    }

    private static Task Answer(ConsumeContext<ConversionUndoBegun> context, ConversionUndoCheck check) =>
        context.PublishFor(context.Message.UndoId, new ConversionUndoHeld { UndoId = context.Message.UndoId, Participant = "opportunities", Check = check }, context.CancellationToken);
}

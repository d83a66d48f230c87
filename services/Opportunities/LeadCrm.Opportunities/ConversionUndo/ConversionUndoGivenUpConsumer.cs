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
/// Lets go of what an undo holds, and leaves a tombstone, so that a question that is still under way holds nothing. What was held is announced
/// as it is: a service that looked at the feed meanwhile may have missed it.
/// </summary>
internal sealed class ConversionUndoGivenUpConsumer(OpportunitiesDb db, OpportunityAccess access, TimeProvider clock) : IConsumer<ConversionUndoGivenUp>
{
    public async Task Consume(ConsumeContext<ConversionUndoGivenUp> context)
    {
        var (id, now, ct) = (context.Message.UndoId, clock.GetUtcNow(), context.CancellationToken);
        using var acting = Actor.Use(Actor.Current.For(id));
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {id} for update").FirstOrDefaultAsync(ct);
        if (hold is null) db.UndoHolds.Add(hold = new UndoHold { UndoId = id, ConversionId = context.Message.ConversionId, State = UndoHoldState.Released, At = now });
        if (hold.State == UndoHoldState.Finished) throw new InvalidOperationException($"Undo {id} is past its pivot and can no longer be given up");
        if (hold.State == UndoHoldState.Held)
        {
            var opportunity = hold.OpportunityId is { } opportunityId ? await db.LockForConversion(opportunityId, ct) : null;
            if (opportunity?.ReleaseFromUndo(id, now) == true)
                await access.Announce(opportunity, opportunity.DeletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted, ct);
            (hold.State, hold.At) = (UndoHoldState.Released, now);
        }
        await context.PublishFor(id, new ConversionUndoReleased { UndoId = id, Participant = "opportunities" }, ct);
        await db.SaveChangesAsync(ct);
    }
}

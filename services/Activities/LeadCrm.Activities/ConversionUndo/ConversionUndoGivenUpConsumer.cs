using LeadCrm.Activities.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.ConversionUndo;

/// <summary>Lets go of what an undo holds, and leaves a tombstone, so that a question that is still under way holds nothing.</summary>
internal sealed class ConversionUndoGivenUpConsumer(ActivitiesDb db, TimeProvider clock) : IConsumer<ConversionUndoGivenUp>
{
    public async Task Consume(ConsumeContext<ConversionUndoGivenUp> context)
    {
        var (id, now, ct) = (context.Message.UndoId, clock.GetUtcNow(), context.CancellationToken);
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {id} for update").FirstOrDefaultAsync(ct);
        if (hold is null) db.Add(hold = new UndoHold { UndoId = id, ConversionId = context.Message.ConversionId, State = UndoHoldState.Released, At = now });
        if (hold.State == UndoHoldState.Finished) throw new InvalidOperationException($"Undo {id} is past its pivot and can no longer be given up");
        (hold.State, hold.At) = (UndoHoldState.Released, now);
        await db.Execute("delete from held_records where undo_id = $1", ct, id);
        await context.PublishFor(id, new ConversionUndoReleased { UndoId = id, Participant = "activities" }, ct);
        await db.SaveChangesAsync(ct);
    }
}

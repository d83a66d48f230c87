using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>Lets go of what an undo holds, and leaves a tombstone, so that a question that is still under way holds nothing.</summary>
internal sealed class ConversionUndoGivenUpConsumer(CampaignsDb db, TimeProvider clock) : IConsumer<ConversionUndoGivenUp>
{
    public async Task Consume(ConsumeContext<ConversionUndoGivenUp> context)
    {
        var (id, now, ct) = (context.Message.UndoId, clock.GetUtcNow(), context.CancellationToken);
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {id} for update").FirstOrDefaultAsync(ct);
        if (hold is null) db.Add(hold = new UndoHold { UndoId = id, ConversionId = context.Message.ConversionId, State = UndoHoldState.Released, At = now });
        if (hold.State == UndoHoldState.Finished) throw new InvalidOperationException($"Undo {id} is past its pivot and can no longer be given up");
        (hold.State, hold.Answer, hold.At) = (UndoHoldState.Released, null, now);
        await context.PublishFor(id, new ConversionUndoReleased { UndoId = id, Participant = "campaigns" }, ct);
        await db.SaveChangesAsync(ct);
    }
}

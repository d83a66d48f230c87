using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>
/// The undo is past its pivot: memberships are the lead's again, and what the conversion noted of campaigns' influence is taken back. One commit;
/// a repeat gets the same answer.
/// </summary>
internal sealed class LeadConversionUndoneConsumer(CampaignsDb db, MoveMembershipsBack memberships, TimeProvider clock) : IConsumer<LeadConversionUndone>
{
    private const string Lock = "select count(*) from (select 1 from platform.record_access where record_type in ('lead', 'contact') and record_id = any(@people) order by record_id for update) held";

    public async Task Consume(ConsumeContext<LeadConversionUndone> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        using var acting = Actor.Use(Actor.Current.For(message.UndoId));
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {message.UndoId} for update").FirstOrDefaultAsync(ct);
        if (hold is not { State: UndoHoldState.Held or UndoHoldState.Finished })
            throw new InvalidOperationException($"Undo {message.UndoId} is past its pivot, but nothing is held for it here (state: {hold?.State})");
        if (hold.State == UndoHoldState.Held)
        {
            await db.Keep([message.Lead.ToRow()], ct);
            await using (var people = db.Command(Lock, ("people", new[] { message.Lead.LeadId, message.ContactId }))) await people.ExecuteScalarAsync(ct);
            var fields = await memberships.Run(message, ct);
            (await db.Conversions.SingleAsync(c => c.ConversionId == message.ConversionId, ct)).Undo(message.At.ToUniversalTime());
            (hold.State, hold.Answer, hold.At) = (UndoHoldState.Finished, UndoHold.Json(fields), clock.GetUtcNow());
        }
        await context.PublishFor(message.UndoId, new ConversionUndoFinished { UndoId = message.UndoId, Participant = "campaigns", Fields = hold.Read<List<UndoneField>>() }, ct);
        await db.SaveChangesAsync(ct);
    }
}

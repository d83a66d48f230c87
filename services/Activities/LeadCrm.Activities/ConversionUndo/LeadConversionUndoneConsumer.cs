using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Records;
using LeadCrm.Activities.Touches;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.ConversionUndo;

/// <summary>
/// The undo is past its pivot: what the conversion hung on account, contact and opportunity hangs on the lead alone again; what it gave to the new owner
/// is its old owner's, unless somebody has given it to somebody else since; what it made itself (C39) goes to the recycle bin. A handful of
/// statements, however much there is; a repetition changes nothing.
/// </summary>
internal sealed class LeadConversionUndoneConsumer(ActivitiesDb db, LeadRecords leads, RecordTouches touches, TimeProvider clock) : IConsumer<LeadConversionUndone>
{
    // The follow-up task that the conversion made: its first line of history says so. One that was worked with has kept the undo from coming here.
    private const string RemoveOwn = """
        with gone as (
            update items a set deleted_at = $2, version = a.version + 1, updated_at = $2, updated_by = $3
            where a.deleted_at is null and exists (
                select from platform.field_history h where h.record_id = a.id and h.kind = 'created' and h.operation_id = $1)
            returning a.id, a.version, a.type
        )
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select gen_random_uuid(), case type when 'file' then 'storedFile' else type end, id, version, 'deleted', $2, $3, $4,
               jsonb_build_object('deletedAt', jsonb_build_object('old', null, 'new', $2)) from gone
        """;

    // Where the lead was taken off an item since, what the conversion hung it on is all that it has.
    private const string Unlink = """
        delete from item_links l where l.conversion_id = $1
        and exists (select from item_links o where o.item_id = l.item_id and o.record_type = 'lead' and o.record_id = $2)
        """;

    // A new version for each, so that an edit begun before does not bring the links back.
    private const string Raise = """
        with moved as (
            select h.record_id, (h.changes -> 'ownerId' ->> 'old')::uuid as before, (h.changes -> 'ownerId' ->> 'new')::uuid as after
            from platform.field_history h where h.operation_id = $5 and h.record_type = 'activity' and h.kind = 'updated' and h.changes ? 'ownerId'
        ), raised as (
            update items a set version = a.version + 1, owner_id = case when n.returns then n.before else a.owner_id end,
                updated_at = case when n.returns then $3 else a.updated_at end, updated_by = case when n.returns then $2 else a.updated_by end
            from (select i.id, m.before, i.owner_id as was, coalesce(i.owner_id = m.after and i.deleted_at is null, false) as returns
                  from item_links l join items i on i.id = l.item_id left join moved m on m.record_id = i.id where l.record_type = 'lead' and l.record_id = $1) n
            where a.id = n.id
            returning a.id, a.version, n.was, n.before, n.returns
        )
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select gen_random_uuid(), 'activity', id, version, 'updated', $3, $2, $4,
               jsonb_build_object('ownerId', jsonb_build_object('old', was, 'new', before)) from raised where returns
        """;

    private const string Notify = """
        insert into notifications (id, user_id, kind, record_type, record_id, text, related, cause_id, at)
        select gen_random_uuid(), user_id, 'ConversionUndone', 'lead', $1, $2, '[]'::jsonb, $3, $4 from follows where record_type = 'lead' and record_id = $1
        on conflict (user_id, cause_id) do nothing
        """;

    public async Task Consume(ConsumeContext<LeadConversionUndone> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        using var acting = Actor.Use(Actor.Current.For(message.UndoId));
        var hold = await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {message.UndoId} for update").FirstOrDefaultAsync(ct);
        if (hold is not { State: UndoHoldState.Held or UndoHoldState.Finished })
            throw new InvalidOperationException($"Undo {message.UndoId} is past its pivot, but nothing is held for it here (state: {hold?.State})");
        if (hold.State == UndoHoldState.Held)
        {
            await TakeBack(message, ct);
            (hold.State, hold.At) = (UndoHoldState.Finished, clock.GetUtcNow());
        }
        await context.PublishFor(message.UndoId, new ConversionUndoFinished { UndoId = message.UndoId, Participant = "activities" }, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task TakeBack(LeadConversionUndone message, CancellationToken ct)
    {
        var (leadId, at) = (message.Lead.LeadId, message.At.ToUniversalTime());
        await leads.Apply([message.Lead], message.ActorId, ct);
        await db.SaveChangesAsync(ct);
        // What is just being put on the lead is through when this lock is had, and what comes later finds the conversion undone.
        await touches.Lock([new RecordRef(RecordTypes.Lead, leadId)], ct);
        var done = await db.Conversions.SingleAsync(c => c.ConversionId == message.ConversionId, ct);
        RecordRef[] became = [.. done.Became.Order()];
        await touches.Lock(became, ct);

        await db.Execute(RemoveOwn, ct, message.ConversionId, at, message.ActorId, message.UndoId);
        await db.Execute(Unlink, ct, message.ConversionId, leadId);
        await db.Execute(Raise, ct, leadId, message.ActorId, at, message.UndoId, message.ConversionId);
        await db.Execute("delete from follows where conversion_id = $1", ct, message.ConversionId);
        await db.Execute(Notify, ct, leadId, $"The conversion of {LeadRecords.NameOf(message.Lead)} was undone.", message.UndoId, at);
        await db.Execute("delete from held_records where undo_id = $1", ct, message.UndoId);
        done.Undo(at);
        await db.SaveChangesAsync(ct);
        await touches.Refresh([new RecordRef(RecordTypes.Lead, leadId), .. became], ct);
    }
}

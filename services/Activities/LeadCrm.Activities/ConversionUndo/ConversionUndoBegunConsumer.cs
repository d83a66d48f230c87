using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Touches;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.ConversionUndo;

/// <summary>Checks once more what stands in the way of an undo, keeps anything more from being put on what is to go, and answers.</summary>
internal sealed class ConversionUndoBegunConsumer(ActivitiesDb db, UndoProbe probe, RecordTouches touches, IDirectory directory, TimeProvider clock) : IConsumer<ConversionUndoBegun>
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
        // A service that has heard of nobody yet would refuse everything; later it knows.
        if (directory.Users.Count == 0) throw new InvalidOperationException("The user directory has not arrived yet.");
        var user = directory.FindUser(undo.ActingUserId) is { IsActive: true } active ? active : null;
        using var acting = Actor.Use(new Actor
        {
            UserId = undo.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = undo.UndoId,
        });

        // What is just being put on one of them is through when these locks are had, and what comes later finds it held.
        var done = await db.Conversions.AsNoTracking().FirstOrDefaultAsync(c => c.ConversionId == undo.ConversionId && c.LeadId == undo.LeadId && c.UndoneAt == null, ct);
        var going = done is null ? [] : UndoProbe.Going(undo, done);
        await touches.Lock(going, ct);
        var check = await probe.Ask(undo, onlyPermission: false, ct);
        if (check.Status != 403)
            await db.Execute("insert into held_records (record_type, record_id, undo_id) select t, i, $3 from unnest($1::text[], $2::uuid[]) as r(t, i) on conflict do nothing", ct,
                going.Select(record => record.Type).ToArray(), going.Select(record => record.Id).ToArray(), undo.UndoId);
        db.Add(new UndoHold { UndoId = undo.UndoId, ConversionId = undo.ConversionId, State = UndoHoldState.Held, Check = check, At = clock.GetUtcNow() });
        await Answer(context, check);
        await db.SaveChangesAsync(ct);
    }

    private static Task Answer(ConsumeContext<ConversionUndoBegun> context, ConversionUndoCheck check) =>
        context.PublishFor(context.Message.UndoId, new ConversionUndoHeld { UndoId = context.Message.UndoId, Participant = "activities", Check = check }, context.CancellationToken);
}

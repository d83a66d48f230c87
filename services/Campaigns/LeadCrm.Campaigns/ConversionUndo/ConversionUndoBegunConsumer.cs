using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>Checks once more what stands in the way of an undo, keeps the contact that is to go from joining campaigns, and answers.</summary>
internal sealed class ConversionUndoBegunConsumer(CampaignsDb db, UndoProbe probe, IDirectory directory, TimeProvider clock) : IConsumer<ConversionUndoBegun>
{
    private const string Lock = "select count(*) from (select 1 from platform.record_access where record_type in ('lead', 'contact') and record_id = any(@people) order by record_id for update) held";

    public async Task Consume(ConsumeContext<ConversionUndoBegun> context)
    {
        var (undo, ct) = (context.Message, context.CancellationToken);
        if (await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {undo.UndoId} for update").ToListAsync(ct) is [var known])
        {
            // Given up, or past its pivot, this question is late; otherwise it is the same once more.
            if (known is { State: UndoHoldState.Held, Answer: not null }) await Answer(context, known.Read<ConversionUndoCheck>());
            return;
        }
        // A service that has heard of nobody yet would refuse everything; later it knows.
        if (directory.Users.Count == 0) throw new InvalidOperationException("The user directory has not arrived yet.");
        var user = directory.FindUser(undo.ActingUserId) is { IsActive: true } active ? active : null;
        using var acting = Actor.Use(new Actor
        {
            UserId = undo.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = undo.UndoId,
        });

        // Whoever is adding the contact to a campaign is through when this lock is had, and whoever comes later finds it held.
        await using (var hold = db.Command(Lock, ("people", new[] { undo.LeadId, undo.ContactId }))) await hold.ExecuteScalarAsync(ct);
        var check = await probe.Ask(undo, onlyPermission: false, ct);
        db.Add(new UndoHold
        {
            UndoId = undo.UndoId, ConversionId = undo.ConversionId, State = UndoHoldState.Held, ContactId = check.Status != 403 && undo.ContactCreated ? undo.ContactId : null,
            Answer = UndoHold.Json(check), At = clock.GetUtcNow(),
        });
        await Answer(context, check);
        await db.SaveChangesAsync(ct);
    }

    private static Task Answer(ConsumeContext<ConversionUndoBegun> context, ConversionUndoCheck check) =>
        context.PublishFor(context.Message.UndoId, new ConversionUndoHeld { UndoId = context.Message.UndoId, Participant = "campaigns", Check = check }, context.CancellationToken);
}

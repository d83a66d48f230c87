using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>
/// Checks once more what stands in the way of an undo, holds the records that the conversion made, and answers. What is held can be read by
/// id and nothing else, as it could while the conversion made it; its version rises, so that an edit that is under way comes too late. Nothing is announced.
/// </summary>
internal sealed class ConversionUndoBegunConsumer(AccountsDb db, UndoProbe probe, IDirectory directory, TimeProvider clock) : IConsumer<ConversionUndoBegun>
{
    public async Task Consume(ConsumeContext<ConversionUndoBegun> context)
    {
        var (undo, ct) = (context.Message, context.CancellationToken);
        if (await db.UndoHolds.FromSql($"select * from conversion_undos where undo_id = {undo.UndoId} for update").ToListAsync(ct) is [var known])
        {
            // Given up, or past its pivot, this question is late; otherwise it is the same once more.
            if (known is { State: UndoHoldState.Held, Answer: { } answer }) await Answer(context, JsonSerializer.Deserialize<ConversionUndoCheck>(answer, Json.Options)!);
            return;
        }
        using var acting = Actor.Use(ActorOf(undo));

        // Locked before looking, account first as everywhere: who is at them now is seen, who comes later finds them held.
        var step = await db.ConversionSteps.FromSql($"select * from conversion_steps where conversion_id = {undo.ConversionId} for update").FirstOrDefaultAsync(ct);
        var account = await db.Accounts.FromSql($"select * from accounts where id = {step?.AccountId} for update").IgnoreQueryFilters().FirstOrDefaultAsync(ct);
        var contact = await db.Contacts.FromSql($"select * from contacts where id = {step?.ContactId} for update").IgnoreQueryFilters().FirstOrDefaultAsync(ct);
        var check = await probe.Ask(undo, onlyPermission: false, ct);
        if (check.Status != 403 && step is not null)
        {
            bool Goes(string type) => check.PassedOn.All(passed => passed.RecordType != type);
            if (step.AccountCreated && undo.AccountCreated && Goes("account")) account?.HoldForUndo(undo.UndoId);
            if (step.ContactCreated && undo.ContactCreated && Goes("contact")) contact?.HoldForUndo(undo.UndoId);
        }
        db.UndoHolds.Add(new UndoHold
        {
            UndoId = undo.UndoId, ConversionId = undo.ConversionId, State = UndoHoldState.Held, AccountId = step?.AccountId, ContactId = step?.ContactId,
            Answer = JsonSerializer.Serialize(check, Json.Options), At = clock.GetUtcNow(),
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
        context.PublishFor(context.Message.UndoId, new ConversionUndoHeld { UndoId = context.Message.UndoId, Participant = "accounts", Check = check }, context.CancellationToken);
}

using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Accounts.Contracts.ChangeKind;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>
/// The undo is past its pivot: what the conversion made goes to the recycle bin or passes to the conversion that uses it, what it filled is
/// put back where nobody has changed it since, and all of it is announced. One commit; a repeat gets the same answer.
/// </summary>
internal sealed class LeadConversionUndoneConsumer(AccountsDb db, UndoProbe probe, TimeProvider clock) : IConsumer<LeadConversionUndone>
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
            var fields = await TakeBack(context, hold);
            (hold.State, hold.Answer, hold.At) = (UndoHoldState.Finished, JsonSerializer.Serialize(fields, Json.Options), clock.GetUtcNow());
        }
        await context.PublishFor(message.UndoId, new ConversionUndoFinished
        {
            UndoId = message.UndoId, Participant = "accounts", Fields = JsonSerializer.Deserialize<List<UndoneField>>(hold.Answer!, Json.Options)!,
        }, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task<IReadOnlyList<UndoneField>> TakeBack(ConsumeContext<LeadConversionUndone> context, UndoHold hold)
    {
        var (message, now, ct) = (context.Message, clock.GetUtcNow(), context.CancellationToken);
        var step = await db.ConversionSteps.FromSql($"select * from conversion_steps where conversion_id = {message.ConversionId} for update").SingleAsync(ct);
        var account = await db.Accounts.FromSql($"select * from accounts where id = {hold.AccountId} for update").IgnoreQueryFilters().SingleAsync(ct);
        var contact = await db.Contacts.FromSql($"select * from contacts where id = {hold.ContactId} for update").IgnoreQueryFilters().SingleAsync(ct);
        var others = await probe.OthersOf(step, ct);
        var actor = Actor.Current.UserId;
        var (accountGoes, contactGoes) = (account.PendingConversionId == message.UndoId, contact.PendingConversionId == message.UndoId);

        List<UndoneField> fields = [];
        if (!accountGoes && !step.AccountCreated) fields.AddRange(FieldRestoration.PutBack("account", account.Id, account, Account.Fillable, step, others));
        if (!contactGoes && !step.ContactCreated) fields.AddRange(FieldRestoration.PutBack("contact", contact.Id, contact, Contact.Fillable, step, others));
        var accountChanged = fields.Exists(f => f is { RecordType: "account", Outcome: "restored" });
        var contactChanged = fields.Exists(f => f is { RecordType: "contact", Outcome: "restored" });

        // An account that stays keeps no contact that goes: of those that share it, the next one's takes its place.
        if (contactGoes && !accountGoes && account.PrimaryContactId == contact.Id)
        {
            account.SetPrimaryContact(UndoProbe.Heir(others, s => s.AccountId == account.Id && step.AccountCreated)?.ContactId, actor, now);
            accountChanged = true;
        }
        PassOn(step, others, accountGoes, contactGoes);

        if (contactGoes) contact.RemoveByUndo(message.UndoId, actor, now);
        else if (contactChanged) contact.Touch(actor, now);
        if (accountGoes) account.RemoveByUndo(message.UndoId, actor, now);
        else if (accountChanged) account.Touch(actor, now);
        if (contactGoes || contactChanged) await context.PublishFor(contact.Id, contact.Changed(contactGoes ? ChangeKind.Deleted : ChangeKind.Updated, now), ct);
        if (accountGoes || accountChanged) await context.PublishFor(account.Id, account.Changed(accountGoes ? ChangeKind.Deleted : ChangeKind.Updated, now), ct);
        step.State = ConversionStepState.Retracted;
        return fields;
    }

    /// <summary>What stays because another conversion uses it is that one's work from now on: its undo would remove it.</summary>
    private static void PassOn(ConversionStep step, List<ConversionStep> others, bool accountGoes, bool contactGoes)
    {
        if (step.AccountCreated && !accountGoes && UndoProbe.Heir(others, s => s.AccountId == step.AccountId) is { } accountHeir) accountHeir.AccountCreated = true;
        if (step.ContactCreated && !contactGoes && UndoProbe.Heir(others, s => s.ContactId == step.ContactId) is { } contactHeir) contactHeir.ContactCreated = true;
    }
}

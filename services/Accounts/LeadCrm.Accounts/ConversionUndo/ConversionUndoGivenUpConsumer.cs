using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Accounts.Contracts.ChangeKind;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>
/// Lets go of what an undo holds, and leaves a tombstone, so that a question that is still under way holds nothing. What was held is announced
/// as it is: a service that looked at the feed meanwhile may have missed it.
/// </summary>
internal sealed class ConversionUndoGivenUpConsumer(AccountsDb db, TimeProvider clock) : IConsumer<ConversionUndoGivenUp>
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
            var account = await db.Accounts.FromSql($"select * from accounts where id = {hold.AccountId} for update").IgnoreQueryFilters().FirstOrDefaultAsync(ct);
            var contact = await db.Contacts.FromSql($"select * from contacts where id = {hold.ContactId} for update").IgnoreQueryFilters().FirstOrDefaultAsync(ct);
            if (account?.ReleaseFromUndo(id) == true) await context.PublishFor(account.Id, account.Changed(Kind(account.DeletedAt), now), ct);
            if (contact?.ReleaseFromUndo(id) == true) await context.PublishFor(contact.Id, contact.Changed(Kind(contact.DeletedAt), now), ct);
            (hold.State, hold.Answer, hold.At) = (UndoHoldState.Released, null, now);
        }
        await context.PublishFor(id, new ConversionUndoReleased { UndoId = id, Participant = "accounts" }, ct);
        await db.SaveChangesAsync(ct);
    }

    private static ChangeKind Kind(DateTimeOffset? deletedAt) => deletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted;
}

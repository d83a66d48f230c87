using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>A contact that leaves an account, or goes to the recycle bin, is its primary contact no longer.</summary>
internal static class PrimaryContacts
{
    /// <summary>Takes the contact back from the accounts that it is no longer at; saved with the caller's change.</summary>
    public static async Task Withdraw(Contact contact, AccountsDb db, IPublishEndpoint publish, DateTimeOffset now, CancellationToken ct)
    {
        var accounts = await db.Accounts.Where(a => a.PrimaryContactId == contact.Id).OrderBy(a => a.Id).ToListAsync(ct);
        foreach (var account in accounts.Where(a => contact.DeletedAt is not null || !contact.IsAt(a.Id)))
        {
            account.SetPrimaryContact(null, Actor.Current.UserId, now);
            await publish.PublishFor(account.Id, account.Changed(ChangeKind.Updated, now), ct);
        }
    }
}

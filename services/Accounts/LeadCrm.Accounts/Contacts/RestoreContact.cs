using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Takes a contact out of the recycle bin.</summary>
internal static class RestoreContact
{
    internal static async Task<Results<VersionedOk<ContactResponse>, ProblemHttpResult>> Handle(
        Guid id, AccountsDb db, ContactAccess access, CustomValues custom, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var contact = await access.ForEdit(db.Contacts.IgnoreQueryFilters(), id, ct);
        if (contact is null) return Problems.NotFound();

        var now = clock.GetUtcNow();
        contact.Restore(Actor.Current.UserId, now);
        await publish.PublishFor(id, contact.Changed(ChangeKind.Restored, now), ct);
        await db.SaveChangesAsync(ct);
        return Answers.Ok(ContactResponse.Of(contact, custom), contact.Version);
    }
}

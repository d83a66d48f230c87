using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Puts a contact into the recycle bin.</summary>
internal static class DeleteContact
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, AccountsDb db, ContactAccess access, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked, so that no conversion can start to use it between the question and the answer.
        var contact = await access.ForEdit(
            db.Contacts.FromSql($"select * from contacts where id = {id} for update").IgnoreQueryFilters([Provisional.Filter]), id, ct);
        if (contact is null) return Problems.NotFound();
        contact.EnsureNotProvisional();
        if (await db.ConversionSteps.AnyAsync(s => s.ContactId == id && s.State == ConversionStepState.Pending, ct))
            return Problems.Conflict("conversion-pending", "A lead is being converted into this contact. Try again when the conversion is completed.");
        Versions.Check(expected, contact.Version);

        var now = clock.GetUtcNow();
        contact.Delete(Actor.Current.UserId, now);
        await PrimaryContacts.Withdraw(contact, db, publish, now, ct);
        await publish.PublishFor(id, contact.Changed(ChangeKind.Deleted, now), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Changes fields of a contact.</summary>
internal static class ChangeContact
{
    internal static async Task<Results<VersionedOk<ContactResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<ContactInput> patch, HttpContext http, AccountsDb db, ContactAccess access, CustomValues custom, ContactReferences references, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var contact = await access.ForEdit(db.Contacts.IgnoreQueryFilters([Provisional.Filter]), id, ct);
        if (contact is null) return Problems.NotFound();
        contact.EnsureNotProvisional();
        Versions.Check(expected, contact.Version);

        var before = contact.ToInput();
        var errors = new FieldErrors();
        var asked = patch.ApplyTo(before);
        var input = asked.Normalised(errors.Add) with { Custom = await custom.ForEdit("contact", asked.Custom, contact.Custom, errors, ct) };
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        contact.Change(input, Actor.Current.UserId, now);
        await PrimaryContacts.Withdraw(contact, db, publish, now, ct);
        await publish.PublishFor(id, contact.Changed(ChangeKind.Updated, now), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(ContactResponse.Of(contact, custom), contact.Version);
    }
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Creates a contact (AC2).</summary>
internal static class CreateContact
{
    internal static async Task<VersionedCreated<ContactResponse>> Handle(
        ContactInput request, AccountsDb db, ContactReferences references, CustomValues custom, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var (id, now, actor) = (Guid.CreateVersion7(), clock.GetUtcNow(), Actor.Current.UserId);
        var errors = new FieldErrors();
        var input = request.Normalised(errors.Add) with { Custom = await custom.ForNew("contact", request.Custom, errors, ct) };
        await references.Check(id, input, before: null, errors, ct);
        errors.ThrowIfAny();

        var contact = Contact.Create(id, input, input.OwnerId ?? actor, actor, now);
        db.Contacts.Add(contact);
        await publish.PublishFor(id, contact.Changed(ChangeKind.Created, now), ct);
        await db.SaveChangesAsync(ct);
        return Answers.Created($"/api/contacts/{id}", ContactResponse.Of(contact, custom), contact.Version);
    }
}

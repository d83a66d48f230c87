using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Contacts;

/// <summary>What other services hear of a contact.</summary>
internal static class ContactEvents
{
    /// <summary>The contact's full state as it will be once the running change is saved; published in that same commit.</summary>
    public static ContactChanged Changed(this Contact contact, ChangeKind kind, DateTimeOffset at) => new()
    {
        Kind = kind,
        ContactId = contact.Id,
        Version = kind == ChangeKind.Created ? 1 : contact.Version + 1,
        AccountId = contact.AccountId,
        FirstName = contact.FirstName,
        LastName = contact.LastName,
        Email = contact.Email,
        Phone = contact.Phone,
        OwnerId = contact.OwnerId,
        MergedIntoId = contact.MergedIntoId,
        Custom = CustomJson.Texts(contact.Custom),
        ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId,
        At = at,
    };
}

using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Lists contacts; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListContacts
{
    internal static ListFields<Contact> Fields { get; } = new ListFields<Contact>()
        .Add("lastName", c => c.LastName).Add("firstName", c => c.FirstName).Add("title", c => c.Title).Add("department", c => c.Department)
        .Add("email", c => c.Email).Add("phone", c => c.Phone).Add("mobile", c => c.Mobile).Add("accountId", c => c.AccountId)
        .Add("reportsToId", c => c.ReportsToId).Add("ownerId", c => c.OwnerId).Add("source", c => c.Source).Add("doNotCall", c => c.DoNotCall)
        .Add("emailOptOut", c => c.EmailOptOut).Add("mailingCity", c => c.MailingCity).Add("mailingCountry", c => c.MailingCountry)
        .Add("externalId", c => c.ExternalId).Add("createdAt", c => c.CreatedAt).Add("updatedAt", c => c.UpdatedAt)
        .Add("lastTouchAt", c => c.LastTouch!.LastTouchAt).Add("nextActivityAt", c => c.LastTouch!.NextActivityAt)
        .Search(Search);

    internal static async Task<Ok<ListPage<ContactListItem>>> Handle(HttpRequest request, AccountsDb db, ContactAccess access, AccountAccess accounts, CustomFieldCache custom, CancellationToken ct)
    {
        var contacts = access.Visible.AsNoTracking();
        if (request.Query["deleted"] == "true") contacts = access.VisibleDeletedToo.AsNoTracking().Where(c => c.DeletedAt != null);
        var fields = custom.Of("contact");
        return TypedResults.Ok(await Lists.Page(contacts, Fields.With(fields, c => c.Custom), request, "lastName,firstName", ContactListItem.Select(db, accounts.Visible),
            item => item with { Custom = fields.Shown(item.StoredCustom) }, ct, "deleted"));
    }

    /// <summary>Part of the name, a name with a typo in it, the beginning of the e-mail, or the whole phone. Short texts are prefixes.</summary>
    private static IQueryable<Contact> Search(IQueryable<Contact> contacts, string q)
    {
        var name = Folding.Fold(q);
        var email = q.ToLowerInvariant();
        var phone = Phones.E164(q, null) ?? q;
        if (name.Length < 3) return contacts.Where(c => c.MatchName.StartsWith(name) || c.Email!.StartsWith(email));
        return contacts.Where(c => c.MatchName.Contains(name) || EF.Functions.TrigramsAreWordSimilar(name, c.MatchName) || c.Email!.StartsWith(email)
            || c.Phone == phone || c.Mobile == phone);
    }
}

using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>The contacts of an account, as far as they themselves may be seen: who works there, and whose further account it is.</summary>
internal static class ListAccountContacts
{
    internal static async Task<Results<Ok<ListPage<ContactListItem>>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, AccountsDb db, AccountAccess accounts, ContactAccess access, CustomFieldCache custom, CancellationToken ct)
    {
        if (!await accounts.Visible.AnyAsync(a => a.Id == id, ct)) return Problems.NotFound();

        var further = $$"""[{"accountId":"{{id}}"}]""";
        var contacts = db.Contacts.FromSql($"select * from contacts where account_id = {id} or further_accounts @> {further}::jsonb")
            .VisibleTo(access.Scope, c => c.OwnerId).AsNoTracking();
        var fields = custom.Of("contact");
        return TypedResults.Ok(await Lists.Page(contacts, ListContacts.Fields.With(fields, c => c.Custom), request, "lastName,firstName", ContactListItem.Select(db, accounts.Visible),
            item => item with { Custom = fields.Shown(item.StoredCustom) }, ct));
    }
}

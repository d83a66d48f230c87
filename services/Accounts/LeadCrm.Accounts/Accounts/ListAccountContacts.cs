using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>The contacts of an account: who works there, and whose further account it is.</summary>
internal static class ListAccountContacts
{
    internal static async Task<Results<Ok<ListPage<ContactListItem>>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, AccountsDb db, CancellationToken ct)
    {
        if (!await db.Accounts.AnyAsync(a => a.Id == id, ct)) return Problems.NotFound();

        var further = $$"""[{"accountId":"{{id}}"}]""";
        var contacts = db.Contacts.FromSql($"select * from contacts where account_id = {id} or further_accounts @> {further}::jsonb").AsNoTracking();
        return TypedResults.Ok(await Lists.Page(contacts, ListContacts.Fields, request, "lastName,firstName", ContactListItem.Select(db), ct));
    }
}

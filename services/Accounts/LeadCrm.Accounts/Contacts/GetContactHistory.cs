using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Who changed which field of a contact, newest first.</summary>
internal static class GetContactHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, AccountsDb db, ContactAccess access, CancellationToken ct) =>
        await access.VisibleOfAll.AnyAsync(c => c.Id == id, ct)
            ? TypedResults.Ok(await History.Page(db, "contact", id, request, ct))
            : Problems.NotFound();
}

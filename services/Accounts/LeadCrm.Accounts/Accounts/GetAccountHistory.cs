using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Who changed which field of an account, newest first.</summary>
internal static class GetAccountHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(Guid id, HttpRequest request, AccountsDb db, AccountAccess access, CancellationToken ct) =>
        await access.VisibleOfAll.AnyAsync(a => a.Id == id, ct)
            ? TypedResults.Ok(await History.Page(db, "account", id, request, ct))
            : Problems.NotFound();
}

using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Directory;

/// <summary>Every change of a user, a team or a role, newest first, for those who manage users (PM6). Deleted teams have a past too.</summary>
internal static class DirectoryHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> OfUser(Guid id, HttpRequest request, IdentityDb db, CancellationToken ct) =>
        await db.Users.AnyAsync(user => user.Id == id, ct) ? TypedResults.Ok(await History.Page(db, "user", id, request, ct)) : Problems.NotFound();

    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> OfTeam(Guid id, HttpRequest request, IdentityDb db, CancellationToken ct) =>
        await db.Teams.AnyAsync(team => team.Id == id, ct) ? TypedResults.Ok(await History.Page(db, "team", id, request, ct)) : Problems.NotFound();

    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> OfRole(Guid id, HttpRequest request, IdentityDb db, CancellationToken ct) =>
        await db.Roles.AnyAsync(role => role.Id == id, ct) ? TypedResults.Ok(await History.Page(db, "role", id, request, ct)) : Problems.NotFound();
}

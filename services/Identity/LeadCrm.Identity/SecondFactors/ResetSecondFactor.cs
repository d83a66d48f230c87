using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// An administrator takes somebody's second factor away who has lost both the app and the recovery codes. The user's history tells who did it;
/// every session of the user ends.
/// </summary>
internal static class ResetSecondFactor
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, IdentityDb db, DirectoryChanges directory, SecondFactorCheck check, SessionEnding sessions, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null) return Problems.NotFound();
        Administrators.DemandPowerOver(user.Roles);

        await sessions.EndAllOf(id, SessionEnd.SecondFactorChanged, except: null, ct);
        await check.Remove(id, ct);
        user.SecondFactorIsOff();
        await change.Commit(ct);
        return TypedResults.NoContent();
    }
}

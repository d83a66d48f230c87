using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>Somebody leaves: no sign-in any more, every session ends at once, and so does what its personal tokens and API clients may do. The user stays, for records name it.</summary>
internal static class DeactivateUser
{
    internal static async Task<Results<VersionedOk<UserResponse>, ProblemHttpResult>> Handle(
        Guid id, IdentityDb db, DirectoryChanges directory, SessionEnding sessions, CredentialCut credentials, TimeProvider clock, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null) return Problems.NotFound();
        Administrators.DemandPowerOver(user.Roles);

        if (user.IsActive)
        {
            if (user.IsAdministrator) await Administrators.DemandAnotherThan(user, db, ct);
            user.Deactivate();
            await sessions.EndAllOf(user.Id, SessionEnd.UserDeactivated, except: null, ct);
            await credentials.AllOf(user.Id, ct);
            await change.Changed(user, ct);
        }
        await change.Commit(ct);
        return Answers.Ok(UserResponse.Of(user, clock.GetUtcNow()), user.Version);
    }
}

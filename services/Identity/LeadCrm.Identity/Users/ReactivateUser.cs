using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>Somebody comes back: may sign in again, with the password and the roles of before.</summary>
internal static class ReactivateUser
{
    internal static async Task<Results<VersionedOk<UserResponse>, ProblemHttpResult>> Handle(
        Guid id, IdentityDb db, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null) return Problems.NotFound();
        Administrators.DemandPowerOver(user.Roles);

        if (!user.IsActive)
        {
            user.Reactivate();
            await change.Changed(user, ct);
        }
        await change.Commit(ct);
        return Answers.Ok(UserResponse.Of(user, clock.GetUtcNow()), user.Version);
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>Changes name, e-mail address, team or roles. New permissions reach the user's sessions with their next token.</summary>
internal static class ChangeUser
{
    internal static async Task<Results<VersionedOk<UserResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<UserInput> patch, HttpContext http, IdentityDb db, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null) return Problems.NotFound();
        Versions.Check(expected, user.Version);

        var input = patch.ApplyTo(new UserInput(user.Name, user.Email!, user.TeamId, [.. user.Roles.Select(role => role.Name)]));
        var roles = await input.Check(db, id, ct);
        Administrators.DemandPowerOver(user.Roles);
        Administrators.DemandPowerOver(roles);
        if (user.IsAdministrator && !roles.Any(role => role.IsAdministrator)) await Administrators.DemandAnotherThan(user, db, ct);

        if (user.Name != input.Name.Trim()) user.Rename(input.Name.Trim());
        if (!string.Equals(user.Email, input.Email, StringComparison.OrdinalIgnoreCase)) user.ChangeEmail(input.Email);
        user.JoinTeam(input.TeamId);
        user.HoldExactly(roles);

        if (db.ChangeTracker.HasChanges()) await change.Changed(user, ct);
        await change.Commit(ct);
        return Answers.Ok(UserResponse.Of(user, clock.GetUtcNow()), user.Version);
    }
}

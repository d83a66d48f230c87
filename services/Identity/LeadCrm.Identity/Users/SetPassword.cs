using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>An administrator gives a user a password. It also unlocks the account and ends every session of the user.</summary>
internal static class SetPassword
{
    internal sealed record Request(string Password);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, IdentityDb db, DirectoryChanges directory, PasswordService passwords, SessionEnding sessions, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null) return Problems.NotFound();
        Administrators.DemandPowerOver(user.Roles);

        await passwords.Set(user, request.Password, "password");
        await sessions.EndAllOf(user.Id, SessionEnd.PasswordChanged, except: Actor.Current.SessionId, ct);
        await change.Commit(ct);
        return TypedResults.NoContent();
    }
}

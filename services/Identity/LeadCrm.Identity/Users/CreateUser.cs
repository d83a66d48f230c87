using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Identity;

namespace LeadCrm.Identity.Users;

/// <summary>
/// Makes a user. It has no password yet and cannot sign in before one is set (<see cref="SetPassword"/>): this request may be repeated
/// under an idempotency key, and a fast hash of a body with a password in it must not be stored for that.
/// </summary>
internal static class CreateUser
{
    internal static async Task<VersionedCreated<UserResponse>> Handle(
        UserInput input, IdentityDb db, UserManager<User> users, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7();
        var roles = await input.Check(db, id, ct);
        Administrators.DemandPowerOver(roles);

        var user = new User(id, input.Name.Trim(), input.Email, now);
        user.JoinTeam(input.TeamId);
        user.HoldExactly(roles);
        await change.Changed(user, ct);   // the version first: the history tells which one was created
        (await users.CreateAsync(user)).ThrowIfRefused();
        await change.Commit(ct);
        return Answers.Created($"/api/users/{id}", UserResponse.Of(user, now), user.Version);
    }

    /// <summary>The input was checked before; what ASP.NET Core Identity still refuses is told under the field it is about.</summary>
    internal static void ThrowIfRefused(this IdentityResult result)
    {
        var errors = new FieldErrors();
        foreach (var error in result.Errors) errors.Add("email", error.Description);
        errors.ThrowIfAny();
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Roles;

/// <summary>What keeps an installation in the hands of its administrators.</summary>
internal static class Administrators
{
    /// <summary>
    /// Somebody who may manage users, but not the settings, must not become an administrator by giving the role to itself, or by setting
    /// an administrator's password.
    /// </summary>
    public static void DemandPowerOver(IEnumerable<Role> roles)
    {
        var actor = Actor.Current;
        var beyond = roles.SelectMany(role => role.Permissions).Intersect(RoleDefaults.AdministratorKeeps, StringComparer.Ordinal).FirstOrDefault(name => !actor.Has(name));
        if (beyond is not null)
            throw new DomainRuleException("beyond-own-permissions", $"This concerns a role with '{beyond}', which you do not hold yourself.", 403);
    }

    /// <summary>Refuses what would leave nobody who can manage users. Call within a change of the directory, so that two of them cannot both succeed.</summary>
    public static async Task DemandAnotherThan(User user, IdentityDb db, CancellationToken ct)
    {
        if (!await db.Users.AnyAsync(other => other.Id != user.Id && other.IsActive && other.Roles.Any(role => role.Name == RoleDefaults.Administrator), ct))
            throw new DomainRuleException("last-administrator", "This is the last active administrator. Make somebody else an administrator first.");
    }
}

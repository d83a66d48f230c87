using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Roles;

/// <summary>
/// Gives permissions that a version brings to the roles that have them as shipped, once: when the version starts for the first time. What
/// administrators say about them afterwards stays.
/// </summary>
internal sealed class NewPermissions(IdentityDb db)
{
    /// <summary>Call within a change of the directory, after the roles are there.</summary>
    public async Task GiveOnce(DirectoryChange change, CancellationToken ct)
    {
        var known = await db.KnownPermissions.Select(permission => permission.Name).ToListAsync(ct);
        var added = Permissions.All.Where(permission => !known.Contains(permission.Name, StringComparer.Ordinal)).ToList();
        if (added.Count == 0) return;

        db.KnownPermissions.AddRange(added.Select(permission => new KnownPermission(permission.Name)));
        foreach (var role in await db.Roles.OrderBy(role => role.Id).ToListAsync(ct))
        {
            if (!role.Allow(Due(role, added))) continue;
            await change.Changed(role, ct);
            foreach (var user in await db.Users.Include(u => u.Roles).Where(u => u.Roles.Any(r => r.Id == role.Id)).OrderBy(u => u.Id).ToListAsync(ct))
                await change.Changed(user, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    private static IEnumerable<string> Due(Role role, IEnumerable<Permission> added)
    {
        var shipped = RoleDefaults.All.FirstOrDefault(shipped => shipped.Id == role.Id)?.Permissions ?? [];
        return added.Where(permission => permission.PartOf is { } whole ? role.Permissions.Contains(whole, StringComparer.Ordinal) : shipped.Contains(permission.Name, StringComparer.Ordinal))
            .Select(permission => permission.Name);
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Roles;

/// <summary>Says what a role may do from now on. Every user that holds it is published anew, for its permissions are different now.</summary>
internal static class ChangeRole
{
    internal sealed record Input(IReadOnlyList<string> Permissions);

    internal static async Task<Results<VersionedOk<RoleResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<Input> patch, HttpContext http, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        var role = await db.Roles.SingleOrDefaultAsync(r => r.Id == id, ct);
        if (role is null) return Problems.NotFound();
        Versions.Check(expected, role.Version);

        var wanted = patch.ApplyTo(new Input(role.Permissions)).Permissions ?? [];
        var errors = new FieldErrors();
        foreach (var unknown in wanted.Where(name => !Permissions.Exists(name))) errors.Add("permissions", $"There is no permission '{unknown}'.");
        errors.ThrowIfAny();

        if (!role.Permissions.SequenceEqual(Permissions.Sum([wanted]), StringComparer.Ordinal))
        {
            role.AllowExactly(wanted);
            await change.Changed(role, ct);
            foreach (var user in await db.Users.Include(u => u.Roles).Where(u => u.Roles.Any(r => r.Id == id)).OrderBy(u => u.Id).ToListAsync(ct))
                await change.Changed(user, ct);
        }
        await change.Commit(ct);
        return Answers.Ok(RoleResponse.Of(role), role.Version);
    }
}

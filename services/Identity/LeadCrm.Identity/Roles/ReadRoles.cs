using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Roles;

/// <summary>Roles and what each may do. There are few: no pages.</summary>
internal static class ReadRoles
{
    internal sealed record Response(IReadOnlyList<RoleResponse> Items);

    internal sealed record PermissionsResponse(IReadOnlyList<Permission> Items);

    internal static async Task<Ok<Response>> All(IdentityDb db, CancellationToken ct)
    {
        var roles = await db.Roles.AsNoTracking().OrderBy(role => role.Id).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. roles.Select(RoleResponse.Of)]));
    }

    internal static async Task<Results<VersionedOk<RoleResponse>, ProblemHttpResult>> One(Guid id, IdentityDb db, CancellationToken ct)
    {
        var role = await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct);
        return role is null ? Problems.NotFound() : Answers.Ok(RoleResponse.Of(role), role.Version);
    }

    /// <summary>Every permission there is, for whoever composes a role.</summary>
    internal static Ok<PermissionsResponse> AllPermissions() => TypedResults.Ok(new PermissionsResponse(Permissions.All));
}

using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Identity.Roles;

/// <summary>Roles and permissions. Saying what a role may do takes both the users and the settings.</summary>
internal static class RoleEndpoints
{
    public static void MapRoles(this IEndpointRouteBuilder app)
    {
        var roles = app.MapGroup("/api/roles").WithTags("Roles").RequirePermission(Permissions.ManageUsers);
        roles.MapGet("/", ReadRoles.All).WithSummary("List roles and what each may do");
        roles.MapGet("/{id:guid}", ReadRoles.One).WithSummary("Read a role");
        roles.MapGet("/{id:guid}/history", DirectoryHistory.OfRole).WithSummary("Every change of what a role may do");
        roles.MapPatch("/{id:guid}", ChangeRole.Handle).RequirePermission(Permissions.ManageSetup).WithSummary("Say what a role may do");

        app.MapGroup("/api/permissions").WithTags("Roles").RequirePermission(Permissions.ManageUsers)
            .MapGet("/", ReadRoles.AllPermissions).WithSummary("List all permissions with what each allows");
    }
}

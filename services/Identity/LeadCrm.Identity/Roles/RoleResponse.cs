namespace LeadCrm.Identity.Roles;

/// <summary>A role and what it may do.</summary>
/// <param name="Id">The role's id.</param>
/// <param name="Name">Its name, by which users hold it.</param>
/// <param name="Description">Who it is for.</param>
/// <param name="Permissions">Names of permissions.</param>
/// <param name="AlwaysKeeps">Permissions that cannot be taken from it.</param>
/// <param name="Version">Entity tag.</param>
internal sealed record RoleResponse(Guid Id, string Name, string Description, IReadOnlyList<string> Permissions, IReadOnlyList<string> AlwaysKeeps, long Version)
{
    public static RoleResponse Of(Role role) =>
        new(role.Id, role.Name, role.Description, role.Permissions, role.IsAdministrator ? RoleDefaults.AdministratorKeeps : [], role.Version);
}

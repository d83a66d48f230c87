using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.Roles;

/// <summary>A named bundle of permissions. Which roles exist is fixed; what each may do is the administrators' choice.</summary>
internal sealed class Role : ITracked
{
    private List<string> permissions = [];

    private Role()
    {
    }

    public Role(Guid id, string name, string description, IEnumerable<string> permissions)
    {
        Id = id;
        Name = name;
        Description = description;
        this.permissions = [.. Roles.Permissions.Sum([permissions])];
    }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public IReadOnlyList<string> Permissions => permissions;

    /// <summary>From the directory's sequence; the entity tag of the role.</summary>
    public long Version { get; private set; }

    public bool IsAdministrator => string.Equals(Name, RoleDefaults.Administrator, StringComparison.Ordinal);

    /// <summary>A copy that a context may own: the defaults are shared by every instance of the service in a process.</summary>
    public Role Copy() => new(Id, Name, Description, permissions);

    public void AllowExactly(IEnumerable<string> names)
    {
        var wanted = Roles.Permissions.Sum([names]);
        if (IsAdministrator && RoleDefaults.AdministratorKeeps.Except(wanted, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new DomainRuleException("administrator-keeps-permission", $"The Administrator role always keeps '{missing}': without it nobody could give it back.");
        permissions = [.. wanted];
    }

    /// <summary>Adds permissions; false when it holds them all.</summary>
    public bool Allow(IEnumerable<string> names)
    {
        var wanted = Roles.Permissions.Sum([permissions, names]);
        if (wanted.Count == permissions.Count) return false;
        permissions = [.. wanted];
        return true;
    }

    public void TakeVersion(long version) => Version = version;
}

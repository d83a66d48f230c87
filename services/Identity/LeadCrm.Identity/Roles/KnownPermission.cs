namespace LeadCrm.Identity.Roles;

/// <summary>A permission that this installation has met: the roles were given it, or not, when it was new, and are the administrators' since.</summary>
internal sealed class KnownPermission
{
    private KnownPermission()
    {
    }

    public KnownPermission(string name) => Name = name;

    public string Name { get; private set; } = "";
}

using LeadCrm.Identity.Contracts;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.Teams;

/// <summary>A node of the team tree. A deleted team stays as a tombstone, so that the services' copies learn of it whenever they ask.</summary>
internal sealed class Team : ITracked
{
    private Team()
    {
    }

    public Team(Guid id, string name, Guid? parentId, Guid? managerId, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        ParentId = parentId;
        ManagerId = managerId;
        CreatedAt = now;
    }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>The team above, null at the root.</summary>
    public Guid? ParentId { get; private set; }

    /// <summary>Sees what the members of this team and of the teams below own.</summary>
    public Guid? ManagerId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>From the directory's sequence; the entity tag of the team.</summary>
    public long Version { get; private set; }

    public void Rename(string name) => Name = name;

    public void LedBy(Guid? managerId) => ManagerId = managerId;

    public void MoveUnder(Guid? parentId, TeamTree tree)
    {
        tree.DemandNoCycle(Id, parentId);
        ParentId = parentId;
    }

    public void Delete(DateTimeOffset now)
    {
        DeletedAt ??= now;
        ManagerId = null;
    }

    public void TakeVersion(long version) => Version = version;

    public TeamChanged ToEvent() => new()
    {
        TeamId = Id,
        Version = Version,
        Name = Name,
        ParentId = ParentId,
        ManagerId = ManagerId,
        IsDeleted = DeletedAt is not null,
    };
}

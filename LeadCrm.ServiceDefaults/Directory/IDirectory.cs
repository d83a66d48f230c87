namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>A user as this service knows it.</summary>
public sealed record DirectoryUser(
    Guid Id, string Name, string Email, bool IsActive, Guid? TeamId, IReadOnlyList<string> Roles, IReadOnlySet<string> Permissions, long Version);

/// <summary>A team as this service knows it.</summary>
public sealed record DirectoryTeam(Guid Id, string Name, Guid? ParentId, Guid? ManagerId, long Version);

/// <summary>
/// Users, teams and ended sessions as replicated from Identity: in memory, fed by its events and its change feed, stored in the
/// service's own database, so that it answers while Identity is away.
/// </summary>
public interface IDirectory
{
    /// <summary>The user, or null when this service has not heard of it.</summary>
    DirectoryUser? FindUser(Guid id);

    /// <summary>The team, or null.</summary>
    DirectoryTeam? FindTeam(Guid id);

    /// <summary>All users.</summary>
    IReadOnlyCollection<DirectoryUser> Users { get; }

    /// <summary>Whether the session was ended before its tokens run out.</summary>
    bool IsRevoked(Guid sessionId);
}

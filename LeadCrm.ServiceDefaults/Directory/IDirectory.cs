namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>A user as this service knows it.</summary>
public sealed record DirectoryUser(
    Guid Id, string Name, string Email, bool IsActive, Guid? TeamId, IReadOnlyList<string> Roles, IReadOnlySet<string> Permissions, long Version);

/// <summary>A team as this service knows it.</summary>
public sealed record DirectoryTeam(Guid Id, string Name, Guid? ParentId, Guid? ManagerId, long Version);

/// <summary>The organisation's settings as this service knows them.</summary>
/// <param name="Name">Name of the organisation.</param>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="Currency">ISO 4217 currency.</param>
/// <param name="FirstFiscalMonth">1 to 12.</param>
/// <param name="SharingDefaults">Object → <c>private</c>, <c>read</c>, <c>readWrite</c> or <c>readWriteTransfer</c>.</param>
/// <param name="Version">Version of the settings.</param>
public sealed record DirectoryOrganisation(
    string Name, string TimeZone, string Currency, int FirstFiscalMonth, IReadOnlyDictionary<string, string> SharingDefaults, long Version);

/// <summary>An owner-based sharing rule as this service knows it.</summary>
/// <param name="Id">The rule.</param>
/// <param name="RecordType">Object, such as <c>lead</c>.</param>
/// <param name="OwnedByTeamId">What members of this team and of the teams below it own</param>
/// <param name="SharedWithTeamId">is shared with this team, the teams below it and their managers.</param>
/// <param name="CanEdit">Whether they may also change it.</param>
/// <param name="Version">Version of the rule.</param>
public sealed record DirectorySharingRule(Guid Id, string RecordType, Guid OwnedByTeamId, Guid SharedWithTeamId, bool CanEdit, long Version);

/// <summary>
/// Users, teams, the organisation's settings and ended sessions as replicated from Identity, and the queues of Leads: in memory, fed by
/// events and change feeds, stored in the service's own database, so that it answers while their owners are away.
/// </summary>
public interface IDirectory
{
    /// <summary>The user, or null when this service has not heard of it.</summary>
    DirectoryUser? FindUser(Guid id);

    /// <summary>The team, or null.</summary>
    DirectoryTeam? FindTeam(Guid id);

    /// <summary>All users.</summary>
    IReadOnlyCollection<DirectoryUser> Users { get; }

    /// <summary>All teams that are there.</summary>
    IReadOnlyCollection<DirectoryTeam> Teams { get; }

    /// <summary>The organisation's settings; null while this service has not heard of them.</summary>
    DirectoryOrganisation? Organisation { get; }

    /// <summary>All owner-based sharing rules.</summary>
    IReadOnlyCollection<DirectorySharingRule> SharingRules { get; }

    /// <summary>All queues, where this service knows them.</summary>
    IReadOnlyCollection<QueueMembers> Queues { get; }

    /// <summary>Grows whenever anything above is different from before: what was derived from it is then computed anew.</summary>
    long Version { get; }

    /// <summary>Whether the session was ended before its tokens run out.</summary>
    bool IsRevoked(Guid sessionId);
}

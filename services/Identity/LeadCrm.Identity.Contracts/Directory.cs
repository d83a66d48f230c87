namespace LeadCrm.Identity.Contracts;

/// <summary>A user as every other service needs to know it. Published whole on each change; a receiver keeps the newest <see cref="Version"/>.</summary>
public sealed record UserChanged
{
    /// <summary>The user's id (UUIDv7), also the <c>sub</c> of its tokens.</summary>
    public required Guid UserId { get; init; }
    /// <summary>Grows with every change of this user's row in the directory.</summary>
    public required long Version { get; init; }
    /// <summary>Full name as shown to people.</summary>
    public required string Name { get; init; }
    /// <summary>E-mail address, lower case.</summary>
    public required string Email { get; init; }
    /// <summary>False: cannot sign in and cannot own new records.</summary>
    public required bool IsActive { get; init; }
    /// <summary>The team the user belongs to, if any.</summary>
    public Guid? TeamId { get; init; }
    /// <summary>Names of the user's roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
    /// <summary>Names of all permissions that the roles add up to, such as <c>leads.convert</c>.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }
}

/// <summary>A team of the tree. Published whole on each change.</summary>
public sealed record TeamChanged
{
    /// <summary>The team's id.</summary>
    public required Guid TeamId { get; init; }
    /// <summary>Grows with every change of this team.</summary>
    public required long Version { get; init; }
    /// <summary>Name as shown to people.</summary>
    public required string Name { get; init; }
    /// <summary>The team above, null at the root.</summary>
    public Guid? ParentId { get; init; }
    /// <summary>Who leads the team; sees what its members own.</summary>
    public Guid? ManagerId { get; init; }
    /// <summary>True: a tombstone, the team is gone.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>The organisation's settings. Published whole on each change.</summary>
public sealed record OrganisationChanged
{
    /// <summary>Grows with every change of the settings.</summary>
    public required long Version { get; init; }
    /// <summary>Name of the organisation.</summary>
    public required string Name { get; init; }
    /// <summary>IANA time zone, such as <c>Europe/Berlin</c>: dates without a time are dates there.</summary>
    public required string TimeZone { get; init; }
    /// <summary>ISO 4217 currency of amounts that name none.</summary>
    public required string Currency { get; init; }
    /// <summary>Month, 1 to 12, with which the fiscal year begins.</summary>
    public required int FirstFiscalMonth { get; init; }
    /// <summary>What everybody may do with everybody's records, per object: <c>private</c>, <c>read</c>, <c>readWrite</c>, <c>readWriteTransfer</c>.</summary>
    public required IReadOnlyDictionary<string, string> SharingDefaults { get; init; }
}

/// <summary>An owner-based sharing rule: what one team owns, another team sees. Published whole on each change.</summary>
public sealed record SharingRuleChanged
{
    /// <summary>The rule's id.</summary>
    public required Guid RuleId { get; init; }
    /// <summary>Grows with every change of this rule.</summary>
    public required long Version { get; init; }
    /// <summary>Object that the rule is about, such as <c>lead</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>Records owned by members of this team, or of a team below it, are shared</summary>
    public required Guid OwnedByTeamId { get; init; }
    /// <summary>with the members of this team, of the teams below it, and their managers.</summary>
    public required Guid SharedWithTeamId { get; init; }
    /// <summary><c>read</c> or <c>readWrite</c>.</summary>
    public required string Access { get; init; }
    /// <summary>True: a tombstone, the rule is gone.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>A session was ended before its tokens ran out: services refuse its tokens from now on.</summary>
public sealed record SessionRevoked
{
    /// <summary>The session, the <c>sid</c> of its tokens.</summary>
    public required Guid SessionId { get; init; }
    /// <summary>When the last token of the session runs out by itself (UTC): the entry may be forgotten then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

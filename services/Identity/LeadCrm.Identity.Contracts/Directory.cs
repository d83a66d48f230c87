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

/// <summary>A session was ended before its tokens ran out: services refuse its tokens from now on.</summary>
public sealed record SessionRevoked
{
    /// <summary>The session, the <c>sid</c> of its tokens.</summary>
    public required Guid SessionId { get; init; }
    /// <summary>When the last token of the session runs out by itself (UTC): the entry may be forgotten then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

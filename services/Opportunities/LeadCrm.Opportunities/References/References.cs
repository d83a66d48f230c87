namespace LeadCrm.Opportunities.References;

/// <summary>What this service knows of an account, from Accounts' events: enough to refer to it and to show its name.</summary>
internal sealed class AccountRef
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string Name { get; init; } = "";
    public bool IsDeleted { get; init; }
    /// <summary>The account that it became (AC4).</summary>
    public Guid? MergedIntoId { get; init; }
}

/// <summary>What this service knows of a contact, from Accounts' events.</summary>
internal sealed class ContactRef
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string Name { get; init; } = "";
    public Guid? AccountId { get; init; }
    public bool IsDeleted { get; init; }
    /// <summary>The contact that it became (AC4).</summary>
    public Guid? MergedIntoId { get; init; }
}

namespace LeadCrm.Accounts.Contracts;

/// <summary>Whether an event tells of a new, changed, deleted or restored record.</summary>
public enum ChangeKind
{
    /// <summary>The record is new.</summary>
    Created,
    /// <summary>Fields of the record changed.</summary>
    Updated,
    /// <summary>The record went to the recycle bin; the event is its tombstone.</summary>
    Deleted,
    /// <summary>The record came back from the recycle bin.</summary>
    Restored,
}

/// <summary>A postal address; the country is an ISO 3166-1 alpha-2 code.</summary>
public sealed record PostalAddress
{
    /// <summary>Street with number.</summary>
    public string? Street { get; init; }
    /// <summary>City.</summary>
    public string? City { get; init; }
    /// <summary>State or province.</summary>
    public string? State { get; init; }
    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }
    /// <summary>ISO 3166-1 alpha-2 code.</summary>
    public string? Country { get; init; }
}

/// <summary>An account changed: its full state at <see cref="Version"/>. Receivers upsert where the version is newer.</summary>
public sealed record AccountChanged
{
    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The account's id.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>The account's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>The conversion this change belongs to, null outside a conversion (C26).</summary>
    public Guid? ConversionId { get; init; }
    /// <summary>Place within the conversion's events: 1 account, 2 contact, 3 opportunity, 4 lead (C26); null outside a conversion.</summary>
    public int? Sequence { get; init; }
    /// <summary>Name of the business.</summary>
    public required string Name { get; init; }
    /// <summary>Owner (a user).</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The account above in the hierarchy.</summary>
    public Guid? ParentAccountId { get; init; }
    /// <summary>Industry.</summary>
    public string? Industry { get; init; }
    /// <summary>Website with scheme.</summary>
    public string? Website { get; init; }
    /// <summary>Phone, E.164 where it could be normalised.</summary>
    public string? Phone { get; init; }
    /// <summary>The account's primary contact.</summary>
    public Guid? PrimaryContactId { get; init; }
    /// <summary>
    /// The account that this one became (AC4); with <see cref="ChangeKind.Deleted"/>. What points here belongs to that one from now on, until a later version of
    /// this one says null again: then the merge was undone.
    /// </summary>
    public Guid? MergedIntoId { get; init; }
    /// <summary>Values of custom fields by key, each as text; see <see cref="CustomFieldChanged"/>. Null: none. May still hold those of a field that was deleted lately.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A contact changed: its full state at <see cref="Version"/>.</summary>
public sealed record ContactChanged
{
    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The contact's id.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>The contact's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>The conversion this change belongs to, null outside a conversion (C26).</summary>
    public Guid? ConversionId { get; init; }
    /// <summary>Place within the conversion's events: 1 account, 2 contact, 3 opportunity, 4 lead (C26); null outside a conversion.</summary>
    public int? Sequence { get; init; }
    /// <summary>The account the contact belongs to, if any.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>First name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Last name.</summary>
    public required string LastName { get; init; }
    /// <summary>E-mail, lower case.</summary>
    public string? Email { get; init; }
    /// <summary>Phone.</summary>
    public string? Phone { get; init; }
    /// <summary>Owner (a user).</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>
    /// The contact that this one became (AC4); with <see cref="ChangeKind.Deleted"/>. What points here belongs to that one from now on, until a later version of
    /// this one says null again: then the merge was undone.
    /// </summary>
    public Guid? MergedIntoId { get; init; }
    /// <summary>Values of custom fields by key, each as text; see <see cref="CustomFieldChanged"/>. Null: none. May still hold those of a field that was deleted lately.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

namespace LeadCrm.Opportunities.Contracts;

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

/// <summary>An opportunity changed: its full state at <see cref="Version"/>.</summary>
public sealed record OpportunityChanged
{
    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The opportunity's id.</summary>
    public required Guid OpportunityId { get; init; }
    /// <summary>The opportunity's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>The conversion this change belongs to, null outside a conversion (C26).</summary>
    public Guid? ConversionId { get; init; }
    /// <summary>Place within the conversion's events: 1 account, 2 contact, 3 opportunity, 4 lead (C26); null outside a conversion.</summary>
    public int? Sequence { get; init; }
    /// <summary>Name of the deal.</summary>
    public required string Name { get; init; }
    /// <summary>The account it is with.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>Owner (a user).</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>Stage name.</summary>
    public required string Stage { get; init; }
    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
    public required string StageCategory { get; init; }
    /// <summary>Amount in <see cref="Currency"/>.</summary>
    public decimal? Amount { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }
    /// <summary>Percent, 0 to 100.</summary>
    public required int Probability { get; init; }
    /// <summary>Expected or actual close date (organisation's local date).</summary>
    public required DateOnly CloseDate { get; init; }
    /// <summary>Primary campaign.</summary>
    public Guid? PrimaryCampaignId { get; init; }
    /// <summary>Primary contact role's contact.</summary>
    public Guid? PrimaryContactId { get; init; }
    /// <summary>Values of custom fields by key, each as text; see <see cref="CustomFieldChanged"/>. Null: none. May still hold those of a field that was deleted lately.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

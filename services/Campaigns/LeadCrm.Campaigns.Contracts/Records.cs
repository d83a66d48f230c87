namespace LeadCrm.Campaigns.Contracts;

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

/// <summary>A campaign changed: its full state at <see cref="Version"/>. Receivers upsert where the version is newer.</summary>
public sealed record CampaignChanged
{
    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The campaign's id.</summary>
    public required Guid CampaignId { get; init; }
    /// <summary>The campaign's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>Name of the campaign.</summary>
    public required string Name { get; init; }
    /// <summary>Kind of marketing, such as e-mail or trade show.</summary>
    public string? Type { get; init; }
    /// <summary><c>planned</c>, <c>inProgress</c>, <c>completed</c> or <c>aborted</c>.</summary>
    public required string Status { get; init; }
    /// <summary>The campaign above in the hierarchy.</summary>
    public Guid? ParentCampaignId { get; init; }
    /// <summary>First day (organisation's local date).</summary>
    public DateOnly? StartsOn { get; init; }
    /// <summary>Last day (organisation's local date).</summary>
    public DateOnly? EndsOn { get; init; }
    /// <summary>Expected response in percent.</summary>
    public decimal? ExpectedResponse { get; init; }
    /// <summary>Budget in <see cref="Currency"/>.</summary>
    public decimal? Budget { get; init; }
    /// <summary>What it really cost, in <see cref="Currency"/>.</summary>
    public decimal? ActualCost { get; init; }
    /// <summary>ISO 4217 code of budget and cost.</summary>
    public string? Currency { get; init; }
    /// <summary>Owner (a user).</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

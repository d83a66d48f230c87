namespace LeadCrm.Leads.Contracts;

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

/// <summary>A lead's full state at <see cref="Version"/>.</summary>
public sealed record LeadState
{
    /// <summary>The lead's id.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>The lead's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>First name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Last name.</summary>
    public required string LastName { get; init; }
    /// <summary>Company.</summary>
    public string? Company { get; init; }
    /// <summary>E-mail, lower case.</summary>
    public string? Email { get; init; }
    /// <summary>Phone, E.164 where it could be normalised.</summary>
    public string? Phone { get; init; }
    /// <summary>ISO 3166-1 alpha-2 code.</summary>
    public string? Country { get; init; }
    /// <summary>Industry.</summary>
    public string? Industry { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>Status name.</summary>
    public required string Status { get; init; }
    /// <summary><c>open</c>, <c>nurturing</c>, <c>notQualified</c>, <c>qualified</c> or <c>converted</c> (LC8).</summary>
    public required string StatusCategory { get; init; }
    /// <summary>Why not qualified, when so (LC2).</summary>
    public string? NotQualifiedReason { get; init; }
    /// <summary>When to look again, when not qualified or nurturing (LC2), the organisation's local date.</summary>
    public DateOnly? FollowUpOn { get; init; }
    /// <summary>Owning user; null when a queue holds the lead.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Queue that holds the lead; null when a user owns it.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>Campaign of origin.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>Values of custom fields by key, each as text; see <see cref="CustomFieldChanged"/>. Null: none. May still hold those of a field that was deleted lately.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
    /// <summary>True: in the recycle bin.</summary>
    public bool IsDeleted { get; init; }
    /// <summary>True: converted, ids in <see cref="LeadConverted"/>.</summary>
    public bool IsConverted { get; init; }
}

/// <summary>
/// A lead was created, deleted, restored, or changed in anything that <see cref="LeadState"/> tells. What changes nothing of it but the version is a
/// <see cref="LeadDetailsChanged"/>.
/// </summary>
public sealed record LeadChanged
{
    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The lead after the change.</summary>
    public required LeadState Lead { get; init; }
    /// <summary>A campaign that the lead joins with it; a new lead without one joins its campaign of origin, with the default status.</summary>
    public CampaignJoin? Joins { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// Fields of a lead changed that <see cref="LeadState"/> does not tell, such as its title or address: who keeps a copy of the state need not hear of it, and
/// whoever shows the lead asks for it anew.
/// </summary>
public sealed record LeadDetailsChanged
{
    /// <summary>The lead's id.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>The lead's version after the change.</summary>
    public required long Version { get; init; }
    /// <summary>Owning user; null when a queue holds the lead.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Queue that holds the lead; null when a user owns it.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Up to 500 leads changed at once, as bulk work and imports do it, and as one user's leads do that are created at the same moment.</summary>
public sealed record LeadsChanged
{
    /// <summary>What happened to all of them.</summary>
    public required ChangeKind Kind { get; init; }
    /// <summary>The leads after the change.</summary>
    public required IReadOnlyList<LeadState> Leads { get; init; }
    /// <summary>Who made the change.</summary>
    public Guid? ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// The pivot of a conversion: the lead is converted for good. Participants reveal what was provisional, publish their own events, and
/// answer.
/// </summary>
public sealed record LeadConverted
{
    /// <summary>The conversion; also the correlation id of everything it caused (C26).</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>Place within the conversion's events: the lead is 4 (C26).</summary>
    public int Sequence { get; init; } = 4;
    /// <summary>The lead after the conversion.</summary>
    public required LeadState Lead { get; init; }
    /// <summary>The account it became.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>True when the conversion made the account.</summary>
    public required bool AccountCreated { get; init; }
    /// <summary>The contact it became.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>True when the conversion made the contact.</summary>
    public required bool ContactCreated { get; init; }
    /// <summary>The opportunity, if one was wanted.</summary>
    public Guid? OpportunityId { get; init; }
    /// <summary>True when the conversion made the opportunity.</summary>
    public bool OpportunityCreated { get; init; }
    /// <summary>Owner of what was created.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>Who converted.</summary>
    public required Guid ActorId { get; init; }
    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>A task that is made with the conversion; null when none was asked for (C39).</summary>
    public ConversionTask? FollowUpTask { get; init; }
    /// <summary>True: the owner is told, once (C39).</summary>
    public bool NotifyOwner { get; init; }
}

/// <summary>A task that is made with a conversion, on what the lead became, and goes when the conversion is undone (C39).</summary>
public sealed record ConversionTask
{
    /// <summary>The task's id, made when the conversion began, so that a repetition makes no second one.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>What is to be done, up to 255 characters.</summary>
    public required string Subject { get; init; }
    /// <summary>The organisation's local day on which it is due; null: without a day.</summary>
    public DateOnly? DueOn { get; init; }
    /// <summary>Who does it.</summary>
    public required Guid AssigneeId { get; init; }
}

/// <summary>
/// Leads converted together, up to 500: what is published of every conversion, a single one as a chunk of one. The conversion's id in each
/// item is the correlation id of what it caused (C26).
/// </summary>
public sealed record LeadsConverted
{
    /// <summary>One for each conversion.</summary>
    public required IReadOnlyList<LeadConverted> Items { get; init; }
}

/// <summary>A queue as other services need to know it: its members see what it holds. Published whole on each change.</summary>
public sealed record QueueChanged
{
    /// <summary>The queue.</summary>
    public required Guid QueueId { get; init; }
    /// <summary>Grows with every change of this queue.</summary>
    public required long Version { get; init; }
    /// <summary>Name as shown to people.</summary>
    public required string Name { get; init; }
    /// <summary>Users who see and edit what the queue holds.</summary>
    public required IReadOnlyList<Guid> Members { get; init; }
    /// <summary>True: a tombstone, the queue is gone.</summary>
    public bool IsDeleted { get; init; }
}

namespace LeadCrm.Activities.Contracts;

/// <summary>When a record was last touched and what comes next on it (AV8): its full state at <see cref="Version"/>.</summary>
public sealed record RecordActivityChanged
{
    /// <summary><c>lead</c>, <c>account</c>, <c>contact</c>, <c>opportunity</c> or <c>campaign</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record's id.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>Rises with every state of any record; keep the state with the highest one.</summary>
    public required long Version { get; init; }
    /// <summary>When the record was last touched: a call made, an e-mail sent or received, an event held (LC8). Null: never.</summary>
    public DateTimeOffset? LastTouchAt { get; init; }
    /// <summary>When the next open task is due or the next event begins. Null: nothing is planned.</summary>
    public DateTimeOffset? NextActivityAt { get; init; }
}

/// <summary>Up to 500 records whose last touch or next activity changed at once, as conversions and imports do it.</summary>
public sealed record RecordActivitiesChanged
{
    /// <summary>Each record's state.</summary>
    public required IReadOnlyList<RecordActivityChanged> Records { get; init; }
}

namespace LeadCrm.ServiceDefaults.RecordAccess;

/// <summary>Who owns a record of another service, at one version of it.</summary>
public sealed record RecordAccessRow
{
    /// <summary><c>lead</c>, <c>account</c>, <c>contact</c>, <c>opportunity</c>, <c>campaign</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>Owning user.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Queue that holds it instead of a user.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
    /// <summary>The record's version; of two states the newer counts.</summary>
    public required long Version { get; init; }
    /// <summary>True: in the recycle bin. The row stays, so that a late event does not bring the record back.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>A page of an owner's feed.</summary>
/// <param name="Records">Records in the order of their ids, those in the recycle bin included.</param>
/// <param name="Next">What to send as <c>after</c> next; null at the end.</param>
public sealed record RecordAccessPage(IReadOnlyList<RecordAccessRow> Records, string? Next);

/// <summary>A page of the feed of queues.</summary>
/// <param name="Queues">Queues in the order of their ids, tombstones included.</param>
/// <param name="Next">What to send as <c>after</c> next; null at the end.</param>
public sealed record QueuePage(IReadOnlyList<Directory.QueueMembers> Queues, string? Next);

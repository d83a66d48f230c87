using LeadCrm.Activities.Items;

namespace LeadCrm.Activities.Activities;

/// <summary>What people may write of an activity. Which members apply depends on the kind.</summary>
internal sealed record ActivityInput
{
    /// <summary><c>task</c>, <c>event</c>, <c>call</c> or <c>email</c>; cannot be changed later.</summary>
    public ItemKind? Kind { get; init; }
    /// <summary>One line that says what it is about.</summary>
    public string? Subject { get; init; }
    /// <summary>More, as plain text.</summary>
    public string? Description { get; init; }
    /// <summary>Who does it (an active user); who creates it when left out.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Its key in another system, such as a telephone exchange or a mailbox; unique.</summary>
    public string? ExternalId { get; init; }
    /// <summary>The records it hangs on: one person (lead or contact) and up to ten others.</summary>
    public IReadOnlyList<RecordRef>? Related { get; init; }

    /// <summary>Task: the day it is due, in the organisation's time zone.</summary>
    public DateOnly? DueOn { get; init; }
    /// <summary>Task: how far it is.</summary>
    public TaskState? Status { get; init; }
    /// <summary>Task: how much it matters.</summary>
    public TaskPriority? Priority { get; init; }
    /// <summary>Task: when to remind its owner (UTC).</summary>
    public DateTimeOffset? ReminderAt { get; init; }

    /// <summary>Event: beginning (UTC).</summary>
    public DateTimeOffset? StartsAt { get; init; }
    /// <summary>Event: end (UTC); an hour after the beginning when left out.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>Event: lasts whole days of the organisation.</summary>
    public bool? AllDay { get; init; }
    /// <summary>Event: where.</summary>
    public string? Place { get; init; }
    /// <summary>Event: who takes part.</summary>
    public IReadOnlyList<Attendee>? Attendees { get; init; }

    /// <summary>Call, e-mail: when it happened (UTC); now when left out.</summary>
    public DateTimeOffset? HappenedAt { get; init; }
    /// <summary>Call, e-mail: from us (when left out) or to us.</summary>
    public Direction? Direction { get; init; }
    /// <summary>Call: how long it took.</summary>
    public int? DurationMinutes { get; init; }
    /// <summary>Call: what came of it.</summary>
    public string? Result { get; init; }

    /// <summary>E-mail: sender.</summary>
    public string? From { get; init; }
    /// <summary>E-mail: recipients.</summary>
    public IReadOnlyList<string>? To { get; init; }
    /// <summary>E-mail: recipients of a copy.</summary>
    public IReadOnlyList<string>? Cc { get; init; }
    /// <summary>E-mail: text, as rich text; what is not on the list of allowed marks is removed.</summary>
    public string? Body { get; init; }
    /// <summary>E-mail: files that came with it.</summary>
    public IReadOnlyList<Guid>? AttachmentIds { get; init; }
}

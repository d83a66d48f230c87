using LeadCrm.Activities.Items;

namespace LeadCrm.Activities.Activities;

/// <summary>An activity as it is read.</summary>
internal sealed record ActivityResponse
{
    /// <summary>The activity's id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its version, also its <c>ETag</c>.</summary>
    public required long Version { get; init; }
    /// <inheritdoc cref="ActivityInput.Kind"/>
    public required ItemKind Kind { get; init; }
    /// <inheritdoc cref="ActivityInput.Subject"/>
    public required string Subject { get; init; }
    /// <inheritdoc cref="ActivityInput.Description"/>
    public string? Description { get; init; }
    /// <inheritdoc cref="ActivityInput.OwnerId"/>
    public required Guid OwnerId { get; init; }
    /// <summary>The owner's name, when known here.</summary>
    public string? OwnerName { get; init; }
    /// <inheritdoc cref="ActivityInput.Related"/>
    public required IReadOnlyList<RelatedRecord> Related { get; init; }
    /// <inheritdoc cref="ActivityInput.ExternalId"/>
    public string? ExternalId { get; init; }
    /// <inheritdoc cref="ActivityInput.DueOn"/>
    public DateOnly? DueOn { get; init; }
    /// <inheritdoc cref="ActivityInput.Status"/>
    public TaskState? Status { get; init; }
    /// <inheritdoc cref="ActivityInput.Priority"/>
    public TaskPriority? Priority { get; init; }
    /// <inheritdoc cref="ActivityInput.ReminderAt"/>
    public DateTimeOffset? ReminderAt { get; init; }
    /// <summary>Task: when it was done (UTC).</summary>
    public DateTimeOffset? CompletedAt { get; init; }
    /// <summary>Task: open, and its day is over.</summary>
    public required bool Overdue { get; init; }
    /// <inheritdoc cref="ActivityInput.StartsAt"/>
    public DateTimeOffset? StartsAt { get; init; }
    /// <inheritdoc cref="ActivityInput.EndsAt"/>
    public DateTimeOffset? EndsAt { get; init; }
    /// <inheritdoc cref="ActivityInput.AllDay"/>
    public bool? AllDay { get; init; }
    /// <inheritdoc cref="ActivityInput.Place"/>
    public string? Place { get; init; }
    /// <inheritdoc cref="ActivityInput.Attendees"/>
    public IReadOnlyList<Attendee>? Attendees { get; init; }
    /// <inheritdoc cref="ActivityInput.HappenedAt"/>
    public DateTimeOffset? HappenedAt { get; init; }
    /// <inheritdoc cref="ActivityInput.Direction"/>
    public Direction? Direction { get; init; }
    /// <inheritdoc cref="ActivityInput.DurationMinutes"/>
    public int? DurationMinutes { get; init; }
    /// <inheritdoc cref="ActivityInput.Result"/>
    public string? Result { get; init; }
    /// <inheritdoc cref="ActivityInput.From"/>
    public string? From { get; init; }
    /// <inheritdoc cref="ActivityInput.To"/>
    public IReadOnlyList<string>? To { get; init; }
    /// <inheritdoc cref="ActivityInput.Cc"/>
    public IReadOnlyList<string>? Cc { get; init; }
    /// <inheritdoc cref="ActivityInput.Body"/>
    public string? Body { get; init; }
    /// <inheritdoc cref="ActivityInput.AttachmentIds"/>
    public IReadOnlyList<Guid>? AttachmentIds { get; init; }
    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Who created it; null for the system.</summary>
    public Guid? CreatedBy { get; init; }
    /// <summary>When it was last changed (UTC).</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Who changed it last; null for the system.</summary>
    public Guid? UpdatedBy { get; init; }

    internal static ActivityResponse Of(Activity activity, IReadOnlyList<RelatedRecord> related, string? ownerName, DateOnly today)
    {
        var input = activity.ToInput();
        return new ActivityResponse
        {
            Id = activity.Id, Version = activity.Version, Kind = activity.Kind, Subject = activity.Subject, Description = activity.Description,
            OwnerId = activity.OwnerId, OwnerName = ownerName, ExternalId = activity.ExternalId, Related = related,
            DueOn = activity.DueOn, Status = activity.Status, Priority = activity.Priority, ReminderAt = activity.ReminderAt, CompletedAt = activity.CompletedAt,
            Overdue = activity.IsOpenTask && activity.DueOn < today,
            StartsAt = activity.StartsAt, EndsAt = activity.EndsAt, AllDay = input.AllDay, Place = activity.Place, Attendees = input.Attendees,
            HappenedAt = activity.HappenedAt, Direction = activity.Direction, DurationMinutes = activity.DurationMinutes, Result = activity.Result,
            From = activity.From, To = input.To, Cc = input.Cc, Body = activity.Body, AttachmentIds = input.AttachmentIds,
            CreatedAt = activity.CreatedAt, CreatedBy = activity.CreatedBy, UpdatedAt = activity.UpdatedAt, UpdatedBy = activity.UpdatedBy,
        };
    }
}

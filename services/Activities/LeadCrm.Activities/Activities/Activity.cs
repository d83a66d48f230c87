using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;

namespace LeadCrm.Activities.Activities;

/// <summary>A task, an event, a call or an e-mail (AV1).</summary>
internal sealed class Activity : Item
{
    private Activity() { }

    public string? Description { get; private set; }
    public string? ExternalId { get; private set; }

    public DateOnly? DueOn { get; private set; }
    public TaskState? Status { get; private set; }
    public TaskPriority? Priority { get; private set; }
    public DateTimeOffset? ReminderAt { get; private set; }
    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>When the reminder went out.</summary>
    [ServiceDefaults.Persistence.NotInHistory] public DateTimeOffset? RemindedAt { get; private set; }

    public DateTimeOffset? StartsAt { get; private set; }
    public DateTimeOffset? EndsAt { get; private set; }
    public bool AllDay { get; private set; }
    public string? Place { get; private set; }
    public IReadOnlyList<Attendee> Attendees { get; private set; } = [];

    /// <summary>When a call was made or an e-mail sent.</summary>
    public DateTimeOffset? HappenedAt { get; private set; }
    public Direction? Direction { get; private set; }
    public int? DurationMinutes { get; private set; }
    public string? Result { get; private set; }

    public string? From { get; private set; }
    public IReadOnlyList<string> To { get; private set; } = [];
    public IReadOnlyList<string> Cc { get; private set; } = [];
    public string? Body { get; private set; }
    public IReadOnlyList<Guid> AttachmentIds { get; private set; } = [];

    /// <summary>When it comes next: the day an open task is due, the beginning of an event (AV8).</summary>
    [ServiceDefaults.Persistence.NotInHistory] public DateTimeOffset? NextAt { get; private set; }

    public bool IsOpenTask => Kind == ItemKind.Task && Status != TaskState.Completed;

    /// <summary>A new activity, with input that <see cref="ActivityRules"/> has passed.</summary>
    public static Activity Create(Guid id, ActivityInput input, Guid? actorId, OrganisationCalendar calendar, DateTimeOffset now)
    {
        var activity = new Activity { Id = id, Kind = input.Kind!.Value, CreatedAt = now, CreatedBy = actorId };
        activity.Apply(input, actorId, calendar, now);
        return activity;
    }

    /// <summary>Takes over an edit, with input that <see cref="ActivityRules"/> has passed.</summary>
    public void Change(ActivityInput input, Guid? actorId, OrganisationCalendar calendar, DateTimeOffset now) => Apply(input, actorId, calendar, now);

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public ActivityInput ToInput() => new()
    {
        Kind = Kind, Subject = Subject, Description = Description, OwnerId = OwnerId, ExternalId = ExternalId, Related = [.. Links.Select(link => link.Record).Order()],
        DueOn = DueOn, Status = Status, Priority = Priority, ReminderAt = ReminderAt,
        StartsAt = StartsAt, EndsAt = EndsAt, AllDay = Kind == ItemKind.Event ? AllDay : null, Place = Place, Attendees = Kind == ItemKind.Event ? Attendees : null,
        HappenedAt = HappenedAt, Direction = Direction, DurationMinutes = DurationMinutes, Result = Result,
        From = From, To = Kind == ItemKind.Email ? To : null, Cc = Kind == ItemKind.Email ? Cc : null, Body = Body,
        AttachmentIds = Kind == ItemKind.Email ? AttachmentIds : null,
    };

    private void Apply(ActivityInput input, Guid? actorId, OrganisationCalendar calendar, DateTimeOffset now)
    {
        (Subject, Description, OwnerId, ExternalId) = (input.Subject!, input.Description, input.OwnerId!.Value, input.ExternalId);
        if (ReminderAt != input.ReminderAt) RemindedAt = null;
        if (Status != input.Status) CompletedAt = input.Status == TaskState.Completed ? now : null;
        (DueOn, Status, Priority, ReminderAt) = (input.DueOn, input.Status, input.Priority, input.ReminderAt);
        (StartsAt, EndsAt, AllDay, Place) = (input.StartsAt, input.EndsAt, input.AllDay ?? false, input.Place);
        (HappenedAt, Direction, DurationMinutes, Result) = (input.HappenedAt, input.Direction, input.DurationMinutes, input.Result);
        (From, Body) = (input.From, input.Body);
        // Lists keep their instance when nothing in them changed: an edit elsewhere is no change of theirs.
        if (!Attendees.SequenceEqual(input.Attendees ?? [])) Attendees = input.Attendees ?? [];
        if (!To.SequenceEqual(input.To ?? [])) To = input.To ?? [];
        if (!Cc.SequenceEqual(input.Cc ?? [])) Cc = input.Cc ?? [];
        if (!AttachmentIds.SequenceEqual(input.AttachmentIds ?? [])) AttachmentIds = input.AttachmentIds ?? [];

        Relate([.. input.Related ?? []], now);
        Schedule(calendar);
        Touch(actorId, now);
    }

    private void Schedule(OrganisationCalendar calendar)
    {
        switch (Kind)
        {
            case ItemKind.Task when IsOpenTask:
                NextAt = DueOn is { } day ? calendar.Start(day) : null;
                MoveTo(NextAt ?? Forever, Forever);   // without a day it stands after those that have one
                break;
            case ItemKind.Task:
                NextAt = null;
                MoveTo(CompletedAt!.Value, null);
                break;
            case ItemKind.Event:
                NextAt = StartsAt;
                MoveTo(StartsAt!.Value, EndsAt);
                break;
            default:
                MoveTo(HappenedAt!.Value, null);
                break;
        }
    }
}

/// <summary>How far a task is.</summary>
internal enum TaskState
{
    /// <summary>Nobody has begun.</summary>
    NotStarted,
    /// <summary>Somebody is at it.</summary>
    InProgress,
    /// <summary>It waits for somebody else.</summary>
    Waiting,
    /// <summary>It was put off.</summary>
    Deferred,
    /// <summary>It is done.</summary>
    Completed,
}

/// <summary>How much a task matters.</summary>
internal enum TaskPriority
{
    /// <summary>It can wait.</summary>
    Low,
    /// <summary>As usual.</summary>
    Normal,
    /// <summary>First.</summary>
    High,
}

/// <summary>Which way a call or an e-mail went.</summary>
internal enum Direction
{
    /// <summary>From us.</summary>
    Outbound,
    /// <summary>To us.</summary>
    Inbound,
}

/// <summary>Somebody who takes part in an event.</summary>
internal sealed record Attendee
{
    /// <summary>Name.</summary>
    public string? Name { get; init; }
    /// <summary>E-mail.</summary>
    public string? Email { get; init; }
    /// <summary>The user, when it is one of ours.</summary>
    public Guid? UserId { get; init; }
}

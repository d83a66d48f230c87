namespace LeadCrm.Leads.BulkChanges;

/// <summary>A change of many leads as the API shows it.</summary>
internal sealed record BulkChangeAnswer
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Where it stands.</summary>
    public required BulkChangeState State { get; init; }
    /// <summary>What happens to the leads.</summary>
    public required BulkChangeAction Action { get; init; }
    /// <summary>Transfer: the user who owns them from now on.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Transfer: the queue that holds them from now on.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>Move: the status.</summary>
    public Guid? StatusId { get; init; }
    /// <summary>The name that this user, queue or status had when it was asked for.</summary>
    public string? Name { get; init; }
    /// <summary>Move: why they are turned down.</summary>
    public string? Reason { get; init; }
    /// <summary>Move: when to look at them again.</summary>
    public DateOnly? FollowUpOn { get; init; }
    /// <summary>How many leads it has.</summary>
    public required int Total { get; init; }
    /// <summary>Leads that are changed.</summary>
    public required int Changed { get; init; }
    /// <summary>Leads that were refused and are as they were.</summary>
    public required int Refused { get; init; }
    /// <summary>0 to 100.</summary>
    public required int Percent { get; init; }
    /// <summary>Leads that got their outcome per second of work, pauses left out.</summary>
    public required double PerSecond { get; init; }
    /// <summary>A user asked to pause.</summary>
    public required bool PauseRequested { get; init; }
    /// <summary>A user asked to stop.</summary>
    public required bool CancelRequested { get; init; }
    /// <summary>Why it could not go on.</summary>
    public string? Problem { get; init; }
    /// <summary>Who asked for it, and in whose name it is done.</summary>
    public required Guid CreatedById { get; init; }
    /// <summary>Their name.</summary>
    public required string CreatedByName { get; init; }
    /// <summary>Asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    internal static BulkChangeAnswer Of(BulkChange job)
    {
        var done = job.Changed + job.Refused;
        return new BulkChangeAnswer
        {
            Id = job.Id, State = job.State, Action = job.Order.Action, OwnerId = job.Order.OwnerId, QueueId = job.Order.QueueId, StatusId = job.Order.StatusId,
            Name = job.Order.Name, Reason = job.Order.Reason, FollowUpOn = job.Order.FollowUpOn, Total = job.Total, Changed = job.Changed, Refused = job.Refused,
            Percent = job.State == BulkChangeState.Completed ? 100 : job.Total == 0 ? 0 : done * 100 / job.Total,
            PerSecond = job.BusySeconds > 0 ? Math.Round(done / job.BusySeconds, 1) : 0,
            PauseRequested = job.PauseRequested, CancelRequested = job.CancelRequested, Problem = job.Problem, CreatedById = job.CreatedById, CreatedByName = job.CreatedByName,
            CreatedAt = job.CreatedAt, StartedAt = job.StartedAt, FinishedAt = job.FinishedAt,
        };
    }
}

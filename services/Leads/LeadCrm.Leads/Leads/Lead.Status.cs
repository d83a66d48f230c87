using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead's way through its statuses (LC1), being turned down (LC2) and coming back (LC3).</summary>
internal sealed partial class Lead
{
    private readonly List<LeadStatusChange> statusChanges = [];

    public Guid StatusId { get; private set; }
    public LeadStatus Status { get; private set; } = null!;
    [NotInHistory] public DateTimeOffset StatusSince { get; private set; }

    /// <summary>The process whose transitions and path the lead follows; null: the default one.</summary>
    public Guid? ProcessId { get; private set; }

    /// <summary>The status that a turned-down lead returns to (LC3).</summary>
    [NotInHistory] public Guid? HeldStatusId { get; private set; }

    /// <summary>Why the lead is not qualified.</summary>
    public string? NotQualifiedReason { get; private set; }

    /// <summary>When to look again: required when not qualified, optional when nurturing.</summary>
    public DateOnly? FollowUpOn { get; private set; }

    /// <summary>When the lead came back; its age counts from here.</summary>
    [NotInHistory] public DateTimeOffset? ReopenedAt { get; private set; }

    /// <summary>The moves that are not saved yet; earlier ones stay in the database.</summary>
    public IReadOnlyList<LeadStatusChange> StatusChanges => statusChanges;

    /// <summary>Moves the lead along its process. Every move but a conversion's and a reopening comes through here.</summary>
    public void MoveTo(LeadStatus status, StatusMove move, LeadProcess process, Editing by, DateTimeOffset now)
    {
        EnsureEditable(by);
        if (status.IsConverted || IsConverted) throw StatusNotSettable();
        if (!status.IsActive) throw NoLongerInUse(status);

        if (status.Id != StatusId)
        {
            process.EnsureAllowed(Status, status);
            process.EnsureKeyFields(this, status);
        }

        CheckFollowUp(status, move);
        if (status.Category == LeadStatusCategory.NotQualified && Status.Category != LeadStatusCategory.NotQualified) HeldStatusId = StatusId;
        if (status.Category != LeadStatusCategory.NotQualified) HeldStatusId = null;

        NotQualifiedReason = status.Category == LeadStatusCategory.NotQualified ? move.Reason!.Trim() : null;
        FollowUpOn = status.Category is LeadStatusCategory.NotQualified or LeadStatusCategory.Nurturing ? move.FollowUpOn : null;
        ChangeStatus(status, now);
    }

    /// <summary>Brings a turned-down lead back to the status it held, unread (LC3).</summary>
    public void Reopen(LeadStatus heldOrDefault, Editing by, DateTimeOffset now)
    {
        EnsureEditable(by);
        if (Status.Category != LeadStatusCategory.NotQualified) throw new DomainRuleException("not-turned-down", "Only a lead that is not qualified can be reopened.");
        if (heldOrDefault.IsConverted) throw StatusNotSettable();

        HeldStatusId = null;
        NotQualifiedReason = null;
        FollowUpOn = null;
        ReopenedAt = now;
        Signals.MarkRead(false);
        ChangeStatus(heldOrDefault, now);
    }

    /// <summary>The lead follows another process from now on; its status stays.</summary>
    public void Follow(Guid? processId) => ProcessId = processId;

    private void ChangeStatus(LeadStatus status, DateTimeOffset now)
    {
        UpdatedAt = now;
        if (status.Id == StatusId) return;
        statusChanges.Add(new LeadStatusChange(Id, StatusId, status.Id, ServiceDefaults.Auth.Actor.Current, now));
        StatusId = status.Id;
        Status = status;
        StatusSince = now;
    }

    /// <summary>What is wrong with the move for every lead, whatever it is: said before many leads are moved.</summary>
    public static void EnsureMove(LeadStatus status, StatusMove move)
    {
        if (status.IsConverted) throw StatusNotSettable();
        if (!status.IsActive) throw NoLongerInUse(status);
        CheckFollowUp(status, move);
    }

    private static DomainRuleException NoLongerInUse(LeadStatus status) => new("status-inactive", $"“{status.Name}” is no longer in use.", 422);

    private static void CheckFollowUp(LeadStatus status, StatusMove move)
    {
        var errors = new FieldErrors();
        if (status.Category == LeadStatusCategory.NotQualified)
        {
            if (string.IsNullOrWhiteSpace(move.Reason)) errors.Add("reason", "Say why the lead is not qualified.");
            if (move.FollowUpOn is null) errors.Add("followUpOn", "Say when to look at the lead again: a date, or followUpInDays 7, 30 or 90.");
        }
        if (move.Reason?.Trim().Length > 1_000) errors.Add("reason", "Too long: at most 1,000 characters are stored.");
        if (move.FollowUpOn <= move.Today) errors.Add("followUpOn", "The follow-up must be after today.");
        errors.ThrowIfAny();
    }

    private static DomainRuleException StatusNotSettable() =>
        new("status-converted", "Only a conversion can give or take a converted status.", 422);

    /// <summary>The lead with its own status as the context that is to write it knows it.</summary>
    internal Lead KnowingStatus(LeadStatus same)
    {
        Status = same.Id == StatusId ? same : throw new ArgumentException("It has another status.", nameof(same));
        return this;
    }
}

/// <summary>What comes with a move to another status.</summary>
/// <param name="Reason">Why, when the lead is turned down.</param>
/// <param name="FollowUpOn">When to look again (the organisation's local date).</param>
/// <param name="Today">The organisation's local date now.</param>
internal sealed record StatusMove(string? Reason, DateOnly? FollowUpOn, DateOnly Today);

/// <summary>A line of the status log: who moved the lead, when, from where to where (LC6).</summary>
internal sealed class LeadStatusChange
{
    private LeadStatusChange() { }

    public LeadStatusChange(Guid leadId, Guid? from, Guid to, ServiceDefaults.Auth.Actor by, DateTimeOffset at)
    {
        Id = Guid.CreateVersion7();
        LeadId = leadId;
        FromStatusId = from;
        ToStatusId = to;
        ActorId = by.IsSystem ? null : by.UserId;
        OperationId = by.OperationId;
        At = at;
    }

    public Guid Id { get; private set; }
    public Guid LeadId { get; private set; }
    public Guid? FromStatusId { get; private set; }
    public Guid ToStatusId { get; private set; }
    public Guid? ActorId { get; private set; }
    public Guid? OperationId { get; private set; }
    public DateTimeOffset At { get; private set; }
}

using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>
/// One change of many leads: a new owner, another status, the recycle bin and back (VW5). Its leads lie in a table of their own, each with its own outcome; any
/// replica can go on where another one stopped.
/// </summary>
internal sealed class BulkChange : ILeasedJob
{
    private BulkChange() { }

    public BulkChange(Guid id, BulkChangeOrder order, int total, Guid createdBy, string createdByName, DateTimeOffset now)
    {
        (Id, Order, Total, CreatedById, CreatedByName, CreatedAt) = (id, order, total, createdBy, createdByName, now);
        State = BulkChangeState.Queued;
    }

    public Guid Id { get; private set; }
    public Guid CreatedById { get; private set; }
    public string CreatedByName { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public BulkChangeState State { get; private set; }
    public BulkChangeOrder Order { get; private set; } = null!;
    public int Total { get; private set; }

    /// <summary>Leads that are as the order says.</summary>
    public int Changed { get; private set; }

    /// <summary>Leads that were refused and are as they were.</summary>
    public int Refused { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Seconds in which a replica worked on it, pauses left out.</summary>
    public double BusySeconds { get; private set; }
    public bool PauseRequested { get; private set; }
    public bool CancelRequested { get; private set; }
    public string? Problem { get; private set; }

    /// <summary>The replica that runs it, until <see cref="LeaseUntil"/> by the database's clock.</summary>
    public Guid? LeaseOwner { get; private set; }
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Runs since it got further; too many mean that it cannot.</summary>
    public int Attempts { get; private set; }

    public bool IsFinished => State is BulkChangeState.Completed or BulkChangeState.Cancelled or BulkChangeState.Failed;

    /// <summary>Changes no further leads until it is resumed.</summary>
    public void Pause()
    {
        EnsureNotFinished();
        PauseRequested = true;
        if (State == BulkChangeState.Queued) State = BulkChangeState.Paused;
    }

    /// <summary>Goes on.</summary>
    public void Resume()
    {
        EnsureNotFinished();
        PauseRequested = false;
        if (State == BulkChangeState.Paused) State = BulkChangeState.Queued;
    }

    /// <summary>Ends it; what is changed stays so. A replica takes the leads that are left out of it.</summary>
    public void Cancel()
    {
        EnsureNotFinished();
        CancelRequested = true;
        if (State == BulkChangeState.Paused) State = BulkChangeState.Queued;
    }

    private void EnsureNotFinished()
    {
        if (IsFinished) throw new DomainRuleException("bulk-change-finished", "This change of many leads is over.").With("state", State);
    }
}

/// <summary>Where a change of many leads stands.</summary>
internal enum BulkChangeState
{
    /// <summary>Waits for a replica to take it.</summary>
    Queued,
    /// <summary>Runs.</summary>
    Running,
    /// <summary>Paused by a user.</summary>
    Paused,
    /// <summary>Every lead has its outcome.</summary>
    Completed,
    /// <summary>Stopped by a user; what was changed before stays so.</summary>
    Cancelled,
    /// <summary>It could not go on.</summary>
    Failed,
}

/// <summary>What can happen to many leads at once.</summary>
internal enum BulkChangeAction
{
    /// <summary>They are handed to another user or to a queue.</summary>
    Transfer,
    /// <summary>They move to another status.</summary>
    Move,
    /// <summary>They go to the recycle bin.</summary>
    Delete,
    /// <summary>They come back from it.</summary>
    Restore,
}

/// <summary>What is to happen to all of the leads, as it was when it was asked for.</summary>
internal sealed record BulkChangeOrder
{
    /// <summary>What happens.</summary>
    public required BulkChangeAction Action { get; init; }
    /// <summary>Transfer: the user who owns them from now on.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Transfer: the queue that holds them from now on.</summary>
    public Guid? QueueId { get; init; }
    /// <summary>Move: the status.</summary>
    public Guid? StatusId { get; init; }
    /// <summary>The name of that user, queue or status.</summary>
    public string? Name { get; init; }
    /// <summary>Move: why they are turned down.</summary>
    public string? Reason { get; init; }
    /// <summary>Move: when to look at them again (the organisation's local date).</summary>
    public DateOnly? FollowUpOn { get; init; }

    /// <summary>The permission that it takes, besides the right to change each lead.</summary>
    public static string Permission(BulkChangeAction action) => action switch
    {
        BulkChangeAction.Transfer => "leads.transfer",
        BulkChangeAction.Move => "leads.edit",
        _ => "leads.delete",
    };
}

/// <summary>One of the leads and what became of it.</summary>
internal sealed class BulkChangeLead
{
    public Guid Id { get; init; }
    public Guid BulkChangeId { get; init; }

    /// <summary>Its place in the order in which leads are changed.</summary>
    public int Position { get; init; }
    public Guid LeadId { get; init; }

    /// <summary>The version that the user has seen; null: whatever it is by then.</summary>
    public long? LeadVersion { get; init; }
    public BulkChangeLeadState State { get; init; }

    /// <summary>Why it was refused.</summary>
    public BulkChangeProblem? Problem { get; init; }
}

/// <summary>Where one of the leads stands.</summary>
internal enum BulkChangeLeadState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,
    /// <summary>Changed.</summary>
    Changed,
    /// <summary>Refused; it is as it was.</summary>
    Refused,
    /// <summary>Stopped before its turn; it is as it was.</summary>
    Cancelled,
}

/// <summary>Why a lead was refused, as the same request for it alone would have been answered.</summary>
internal sealed record BulkChangeProblem
{
    /// <summary>Stable problem type.</summary>
    public required string Type { get; init; }
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }
    /// <summary>What happened and what to do.</summary>
    public required string Detail { get; init; }
    /// <summary>What is wrong, per field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}

internal sealed class BulkChangeMapping : IEntityTypeConfiguration<BulkChange>, IEntityTypeConfiguration<BulkChangeLead>
{
    public void Configure(EntityTypeBuilder<BulkChange> job)
    {
        job.ToTable("bulk_changes");
        job.HasKey(j => j.Id);
        job.Property(j => j.Id).ValueGeneratedNever();
        job.Property(j => j.State).HasConversion<string>();
        job.Property(j => j.Order).HasColumnName("change").IsJson();
        job.Ignore(j => j.IsFinished);
        job.HasIndex(j => j.CreatedAt).HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_bulk_changes_waiting");
        job.HasIndex(j => new { j.CreatedAt, j.Id });
    }

    public void Configure(EntityTypeBuilder<BulkChangeLead> lead)
    {
        lead.ToTable("bulk_change_leads");
        lead.HasKey(l => l.Id);
        lead.Property(l => l.Id).ValueGeneratedNever();
        lead.Property(l => l.State).HasConversion<string>();
        lead.Property(l => l.Problem).IsJson();
        lead.HasOne<BulkChange>().WithMany().HasForeignKey(l => l.BulkChangeId).OnDelete(DeleteBehavior.Cascade);
        lead.HasIndex(l => new { l.BulkChangeId, l.LeadId }).IsUnique();
        lead.HasIndex(l => new { l.BulkChangeId, l.State, l.Position });
    }
}

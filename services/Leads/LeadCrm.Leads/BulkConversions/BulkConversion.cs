using System.Text.Json.Nodes;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>
/// Many leads on their way to become accounts, contacts and opportunities (C37). Its leads lie in a table of their own, each with its own
/// outcome; any replica can go on where another one stopped.
/// </summary>
internal sealed class BulkConversion : ILeasedJob
{
    private BulkConversion() { }

    public BulkConversion(
        Guid id, BulkPlan plan, int total, Guid createdBy, string createdByName, DateTimeOffset now, Guid? ruleId = null, string? ruleName = null)
    {
        (Id, Plan, Total, CreatedById, CreatedByName, CreatedAt, RuleId, RuleName) = (id, plan, total, createdBy, createdByName, now, ruleId, ruleName);
        State = BulkConversionState.Queued;
    }

    public Guid Id { get; private set; }
    public Guid CreatedById { get; private set; }
    public string CreatedByName { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public BulkConversionState State { get; private set; }
    public BulkPlan Plan { get; private set; } = null!;

    /// <summary>The rule that began it (C38); null when a user did.</summary>
    public Guid? RuleId { get; private set; }
    public string? RuleName { get; private set; }
    public int Total { get; private set; }

    /// <summary>Leads that are converted; in a trial, leads that would be.</summary>
    public int Converted { get; private set; }

    /// <summary>Leads that were refused, or whose conversion was undone.</summary>
    public int Failed { get; private set; }

    /// <summary>Leads that were left alone because of a duplicate.</summary>
    public int Skipped { get; private set; }

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

    public bool IsFinished => State is BulkConversionState.Completed or BulkConversionState.Cancelled or BulkConversionState.Failed;

    /// <summary>Begins no further leads; those under way go on to their end.</summary>
    public void Pause()
    {
        EnsureNotFinished();
        PauseRequested = true;
        if (State == BulkConversionState.Queued) State = BulkConversionState.Paused;
    }

    /// <summary>Goes on.</summary>
    public void Resume()
    {
        EnsureNotFinished();
        PauseRequested = false;
        if (State == BulkConversionState.Paused) State = BulkConversionState.Queued;
    }

    /// <summary>Ends it after the leads that are under way; what is converted stays.</summary>
    public void Cancel(DateTimeOffset now)
    {
        EnsureNotFinished();
        CancelRequested = true;
        if (State is not (BulkConversionState.Queued or BulkConversionState.Paused)) return;
        if (StartedAt is not null)
        {
            State = BulkConversionState.Queued;   // a replica takes the leads that are left out of it
            return;
        }
        State = BulkConversionState.Cancelled;
        FinishedAt = now;
    }

    private void EnsureNotFinished()
    {
        if (IsFinished) throw new DomainRuleException("bulk-conversion-finished", "This bulk conversion is over.").With("state", State);
    }
}

/// <summary>Where a bulk conversion stands.</summary>
internal enum BulkConversionState
{
    /// <summary>Waits for a replica to take it.</summary>
    Queued,
    /// <summary>Runs.</summary>
    Running,
    /// <summary>Paused by a user; nothing of it is under way.</summary>
    Paused,
    /// <summary>Every lead has its outcome.</summary>
    Completed,
    /// <summary>Stopped by a user; what was converted before stays.</summary>
    Cancelled,
    /// <summary>It could not go on.</summary>
    Failed,
}

/// <summary>What is to happen to all of the leads.</summary>
internal sealed record BulkPlan
{
    /// <summary>True: leads are only checked.</summary>
    public bool DryRun { get; init; }

    /// <summary>The conversion request that every lead gets, as it was sent.</summary>
    public JsonObject? Defaults { get; init; }

    /// <summary>What to do about duplicates.</summary>
    public DuplicatePolicy OnDuplicate { get; init; } = new();
}

/// <summary>One lead of a bulk conversion and what became of it.</summary>
internal sealed class BulkConversionLead
{
    public Guid Id { get; init; }
    public Guid BulkConversionId { get; init; }

    /// <summary>Its place in the order in which leads are converted.</summary>
    public int Position { get; init; }
    public Guid LeadId { get; init; }

    /// <summary>What is different for this lead, laid over the defaults.</summary>
    public string? Request { get; init; }
    public BulkLeadState State { get; set; }

    /// <summary>The lead's conversion, once one has begun.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>Its company as leads of one company are told by; leads with the same one share the new account.</summary>
    public string? CompanyKey { get; init; }
    public Guid? AccountId { get; init; }
    public Guid? ContactId { get; init; }
    public Guid? OpportunityId { get; init; }

    /// <summary>Why it was not converted.</summary>
    public BulkLeadProblem? Problem { get; init; }
}

/// <summary>Where a lead of a bulk conversion stands.</summary>
internal enum BulkLeadState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,
    /// <summary>Its conversion is under way.</summary>
    Converting,
    /// <summary>Converted.</summary>
    Converted,
    /// <summary>In a trial: could be converted.</summary>
    Convertible,
    /// <summary>Left alone because of a duplicate.</summary>
    Skipped,
    /// <summary>Refused, or its conversion was undone.</summary>
    Failed,
    /// <summary>The bulk conversion was stopped before its turn.</summary>
    Cancelled,
}

/// <summary>Why a lead was not converted, as problem details would say it.</summary>
internal sealed record BulkLeadProblem
{
    /// <summary>Stable problem type.</summary>
    public required string Type { get; init; }
    /// <summary>What a single conversion would have been answered with.</summary>
    public required int Status { get; init; }
    /// <summary>What happened and what to do.</summary>
    public required string Detail { get; init; }
    /// <summary>What is wrong, per record and field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
    /// <summary>Records that may be the same.</summary>
    public IReadOnlyList<Candidate>? Candidates { get; init; }
}

internal sealed class BulkConversionMapping : IEntityTypeConfiguration<BulkConversion>, IEntityTypeConfiguration<BulkConversionLead>
{
    public void Configure(EntityTypeBuilder<BulkConversion> job)
    {
        job.ToTable("bulk_conversions");
        job.HasKey(j => j.Id);
        job.Property(j => j.Id).ValueGeneratedNever();
        job.Property(j => j.State).HasConversion<string>();
        job.Property(j => j.Plan).IsJson();
        job.Ignore(j => j.IsFinished);
        job.HasIndex(j => j.CreatedAt).HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_bulk_conversions_waiting");
        job.HasIndex(j => new { j.CreatedAt, j.Id });
        job.HasIndex(j => j.RuleId).HasFilter("rule_id is not null");
    }

    public void Configure(EntityTypeBuilder<BulkConversionLead> lead)
    {
        lead.ToTable("bulk_conversion_leads");
        lead.HasKey(l => l.Id);
        lead.Property(l => l.Id).ValueGeneratedNever();
        lead.Property(l => l.State).HasConversion<string>();
        lead.Property(l => l.Request).HasColumnType("jsonb");
        lead.Property(l => l.Problem).IsJson();
        lead.HasOne<BulkConversion>().WithMany().HasForeignKey(l => l.BulkConversionId).OnDelete(DeleteBehavior.Cascade);
        lead.HasIndex(l => new { l.BulkConversionId, l.LeadId }).IsUnique();
        lead.HasIndex(l => l.ConversionId).HasFilter("conversion_id is not null");
        lead.HasIndex(l => new { l.BulkConversionId, l.State, l.Position });
        lead.HasIndex(l => new { l.BulkConversionId, l.CompanyKey }).HasFilter("company_key is not null");
    }
}

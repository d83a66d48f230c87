using System.Text.Json.Nodes;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>A bulk conversion as the API shows it.</summary>
internal sealed record BulkConversionAnswer
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Where it stands.</summary>
    public required BulkConversionState State { get; init; }
    /// <summary>True: leads are only checked.</summary>
    public required bool DryRun { get; init; }
    /// <summary>What every lead gets.</summary>
    public JsonObject? Defaults { get; init; }
    /// <summary>What happens about duplicates.</summary>
    public required DuplicatePolicy OnDuplicate { get; init; }
    /// <summary>How many leads it has.</summary>
    public required int Total { get; init; }
    /// <summary>Leads that are converted; in a trial, leads that could be.</summary>
    public required int Converted { get; init; }
    /// <summary>Leads that were refused, or whose conversion was undone.</summary>
    public required int Failed { get; init; }
    /// <summary>Leads that were left alone because of a duplicate.</summary>
    public required int Skipped { get; init; }
    /// <summary>0 to 100.</summary>
    public required int Percent { get; init; }
    /// <summary>Leads that got their outcome per second of work, pauses left out.</summary>
    public required double PerSecond { get; init; }
    /// <summary>A user asked to pause; it pauses when nothing is under way any more.</summary>
    public required bool PauseRequested { get; init; }
    /// <summary>A user asked to stop.</summary>
    public required bool CancelRequested { get; init; }
    /// <summary>Why it could not go on.</summary>
    public string? Problem { get; init; }
    /// <summary>The rule that began it; null when a user did.</summary>
    public Guid? RuleId { get; init; }
    /// <summary>The rule's name at that time.</summary>
    public string? RuleName { get; init; }
    /// <summary>Who converts.</summary>
    public required Guid CreatedById { get; init; }
    /// <summary>Their name.</summary>
    public required string CreatedByName { get; init; }
    /// <summary>Asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    internal static BulkConversionAnswer Of(BulkConversion job)
    {
        var done = job.Converted + job.Failed + job.Skipped;
        return new BulkConversionAnswer
        {
            Id = job.Id, State = job.State, DryRun = job.Plan.DryRun, Defaults = job.Plan.Defaults, OnDuplicate = job.Plan.OnDuplicate, Total = job.Total,
            Converted = job.Converted, Failed = job.Failed, Skipped = job.Skipped,
            Percent = job.State == BulkConversionState.Completed ? 100 : job.Total == 0 ? 0 : done * 100 / job.Total,
            PerSecond = job.BusySeconds > 0 ? Math.Round(done / job.BusySeconds, 1) : 0,
            PauseRequested = job.PauseRequested, CancelRequested = job.CancelRequested, Problem = job.Problem, RuleId = job.RuleId, RuleName = job.RuleName, CreatedById = job.CreatedById,
            CreatedByName = job.CreatedByName, CreatedAt = job.CreatedAt, StartedAt = job.StartedAt, FinishedAt = job.FinishedAt,
        };
    }
}

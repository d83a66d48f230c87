using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Its way through the pipeline: nothing else changes its stage.</summary>
internal sealed partial class Opportunity
{
    /// <summary>What stands in the way of entering a stage, by field: a missing reason, exit criteria not met (OP2).</summary>
    internal static IEnumerable<(string Field, string Message)> EntryViolations(StageInfo? from, StageInfo to, PipelineCatalog pipelines,
        OpportunityValues values, string? reason)
    {
        if (!to.IsOpen && string.IsNullOrWhiteSpace(reason)) yield return ("reason", $"Say why the deal was {to.Category.ToString().ToLowerInvariant()}.");
        foreach (var violation in OpportunityValues.TooLong("reason", reason, OpportunityValues.TextLength)) yield return violation;
        foreach (var field in ExitCriteriaFields.Missing(pipelines.CriteriaFor(from, to), values))
            yield return (field, $"Must be filled before the deal can go to '{to.Name}'.");
    }

    /// <summary>
    /// Moves the deal to another stage: records the move, takes on the stage's probability and forecast category. Winning and losing need
    /// a reason and close the deal today at the latest; going back to an open stage reopens it.
    /// </summary>
    internal StageMove MoveTo(StageInfo to, PipelineCatalog pipelines, string? reason, DateOnly today, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var from = pipelines.Stage(StageId) ?? throw new InvalidOperationException($"Stage {StageId} is not in the catalog.");
        if (from.Id == to.Id) throw new DomainRuleException("urn:leadcrm:stage-unchanged", $"The opportunity is in '{to.Name}' already.");
        ThrowIfAny(EntryViolations(from, to, pipelines, ToValues(), reason));

        var kind = to.Category switch
        {
            StageCategory.Won => StageMoveKind.Won,
            StageCategory.Lost => StageMoveKind.Lost,
            _ => from.IsOpen ? StageMoveKind.Moved : StageMoveKind.Reopened,
        };
        if (!to.IsOpen && CloseDate > today) CloseDate = today;
        Touch(actorId, now);
        return Enter(to, reason, kind, from, actorId, now);
    }

    private StageMove Enter(StageInfo stage, string? reason, StageMoveKind kind, StageInfo? from, Guid? actorId, DateTimeOffset now)
    {
        double? daysInFrom = from is null ? null : Math.Max(0, (now - StageEnteredAt).TotalDays);
        if (from is not null) (Probability, ForecastCategory) = (stage.Probability, stage.ForecastCategory);
        StageId = stage.Id;
        StageEnteredAt = now;
        CloseReason = stage.IsOpen ? null : reason;
        ClosedAt = stage.IsOpen ? null : now;
        var move = new StageMove(this, kind, from, stage, daysInFrom, reason, actorId, now);
        _stageMoves.Add(move);
        return move;
    }
}

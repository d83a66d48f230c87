using LeadCrm.Opportunities.Pipelines;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>What kind of step in a deal's life a stage move was.</summary>
internal enum StageMoveKind
{
    /// <summary>The opportunity began in this stage.</summary>
    Created,
    /// <summary>From one open stage to another.</summary>
    Moved,
    /// <summary>The deal was won.</summary>
    Won,
    /// <summary>The deal was lost.</summary>
    Lost,
    /// <summary>A closed deal was opened again.</summary>
    Reopened,
}

/// <summary>
/// One stage move with the figures of that moment (OP3). Stages are kept by name too, for a stage may be removed later.
/// </summary>
internal sealed class StageMove
{
    private StageMove() { }

    internal StageMove(Opportunity opportunity, StageMoveKind kind, StageInfo? from, StageInfo to, double? daysInFrom, string? reason,
        Guid? actorId, DateTimeOffset at)
    {
        Id = Guid.CreateVersion7();
        OpportunityId = opportunity.Id;
        Kind = kind;
        FromStageId = from?.Id;
        FromStage = from?.Name;
        ToStageId = to.Id;
        ToStage = to.Name;
        Amount = opportunity.Amount;
        Currency = opportunity.Currency;
        Probability = opportunity.Probability;
        DaysInFromStage = daysInFrom;
        Reason = reason;
        ActorId = actorId;
        At = at;
    }

    public Guid Id { get; private set; }
    public Guid OpportunityId { get; private set; }
    public StageMoveKind Kind { get; private set; }
    public Guid? FromStageId { get; private set; }
    public string? FromStage { get; private set; }
    public Guid ToStageId { get; private set; }
    public string ToStage { get; private set; } = "";
    public decimal? Amount { get; private set; }
    public string Currency { get; private set; } = "";

    /// <summary>Probability after the move: with it the deal went into the stage.</summary>
    public int Probability { get; private set; }

    /// <summary>How long the deal was in the stage that it left.</summary>
    public double? DaysInFromStage { get; private set; }

    public string? Reason { get; private set; }
    public Guid? ActorId { get; private set; }
    public DateTimeOffset At { get; private set; }
}

using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using MassTransit;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// The undo of one conversion (C35): the saga's row and, at the same time, the operation that people ask about. It stays when it is over,
/// with the conversion that it belongs to (C36).
/// </summary>
internal sealed class UndoState : SagaStateMachineInstance, IOperation
{
    /// <summary>The undo's id: the operation, and the correlation id of all its messages.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>Name of the state in <see cref="UndoStateMachine"/>; <see cref="UndoPhase"/> is what people see.</summary>
    public string CurrentState { get; set; } = null!;

    public Guid ConversionId { get; set; }
    public Guid LeadId { get; set; }
    public Guid ActingUserId { get; set; }

    /// <summary>What the participants are told and asked; never changes.</summary>
    public ConversionUndoBegun Begun { get; set; } = null!;

    /// <summary>By participant, what it found when it was asked to hold.</summary>
    public IReadOnlyDictionary<string, ConversionUndoCheck> Held { get; set; } = new Dictionary<string, ConversionUndoCheck>();

    /// <summary>Participants that hold nothing any more.</summary>
    public IReadOnlyList<string> Released { get; set; } = [];

    /// <summary>By participant that is done, what became of the values in records that stay.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<UndoneField>> Done { get; set; } = new Dictionary<string, IReadOnlyList<UndoneField>>();

    /// <summary>Why nothing was undone.</summary>
    public UndoFailure? Failure { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it has to be past the pivot, or is given up.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    /// <inheritdoc cref="ConversionState.ResendAt"/>
    public DateTimeOffset ResendAt { get; set; }

    /// <inheritdoc cref="ConversionState.Resends"/>
    public int Resends { get; set; }

    /// <summary>When it was over, one way or the other; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    void IOperation.Count() => ConversionMetrics.UndoFinished(Failure is null ? "undone" : Failure.Type == UndoFailure.DeadlinePassed ? "deadline" : "blocked");

    /// <summary>The row of an undo that begins now.</summary>
    public static UndoState Begin(ConversionUndoBegun begun, ConversionOptions options, DateTimeOffset now)
    {
        var undo = new UndoState
        {
            CorrelationId = begun.UndoId,
            CurrentState = nameof(UndoStateMachine.Holding),
            ConversionId = begun.ConversionId,
            LeadId = begun.LeadId,
            ActingUserId = begun.ActingUserId,
            Begun = begun,
            StartedAt = now,
            DeadlineAt = now + options.Deadline,
        };
        undo.Enter(options, now);
        return undo;
    }

    /// <summary>A new state is waited in: for its answers, or for good.</summary>
    public void Enter(ConversionOptions options, DateTimeOffset now)
    {
        Resends = 0;
        ResendAt = now + options.ResendAfter;
        if (DeadlineAt > now && ResendAt > DeadlineAt) ResendAt = DeadlineAt;
        FinishedAt = UndoPhases.IsOver(CurrentState) ? now : null;
    }

    /// <summary>What all participants together say, as far as they have answered.</summary>
    public UndoVerdict Verdict => UndoVerdict.Of(Begun, Held);
}

/// <summary>Why a conversion was not undone, as problem details would say it.</summary>
internal sealed record UndoFailure
{
    public const string DeadlinePassed = "urn:leadcrm:conversion-undo-deadline-passed";

    /// <summary>Stable problem type.</summary>
    public required string Type { get; init; }
    /// <summary>The status that the request would have been answered with.</summary>
    public required int Status { get; init; }
    /// <summary>What happened and what to do.</summary>
    public required string Detail { get; init; }
    /// <summary>Per record, what stands in the way.</summary>
    public IReadOnlyList<UndoBlocker> Blockers { get; init; } = [];
}

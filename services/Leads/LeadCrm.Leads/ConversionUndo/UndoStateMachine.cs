using LeadCrm.Leads.Contracts;
using MassTransit;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// The saga that undoes a conversion: which state answers which event how. All participants hold what is to be removed, one pivot (the lead
/// is a lead again), then a step that can only be retried. Unless all of them find that nothing stands in the way, all of them let go and
/// nothing has happened: there is no partial undo. What the verbs do is in <see cref="UndoSteps"/>. The row is inserted by
/// <see cref="StartUndo"/> in the transaction that locks the lead, so nothing happens initially.
/// </summary>
internal sealed class UndoStateMachine : MassTransitStateMachine<UndoState>
{
    public UndoStateMachine()
    {
        InstanceState(undo => undo.CurrentState);
        Event(() => Held, answer => answer.OfUndo(message => message.UndoId));
        Event(() => Released, answer => answer.OfUndo(message => message.UndoId));
        Event(() => Finished, answer => answer.OfUndo(message => message.UndoId));
        Event(() => StepStalled, answer => answer.OfUndo(message => message.UndoId));
        Event(() => DeadlinePassed, answer => answer.OfUndo(message => message.UndoId));
        WhenEnterAny(state => state.BeginStep());

        During(Holding,
            When(Held).RememberCheck().If(UndoSteps.AllHold, then => then.IfElse(UndoSteps.NothingBlocks,
                pivot => pivot.GiveLeadBack().TransitionTo(Finishing),
                otherwise => otherwise.RememberBlockers().GiveUp().TransitionTo(PuttingBack))),
            When(DeadlinePassed).RememberDeadline().GiveUp().TransitionTo(PuttingBack),
            When(StepStalled).AskToHold(),
            Ignore(Released), Ignore(Finished));

        // Whoever is asked to hold after it has let go holds nothing: a late answer changes nothing.
        During(PuttingBack,
            When(Released).RememberRelease().If(UndoSteps.AllReleased, then => then.UnlockLead().TransitionTo(GivenUp)),
            When(StepStalled).GiveUp(),
            Ignore(Held), Ignore(Finished), Ignore(DeadlinePassed));

        // Past the pivot: there is no way back, and no deadline. The lead stays locked until nothing of the old conversion can come any more.
        During(Finishing,
            When(Finished).RememberDone().If(UndoSteps.AllDone, then => then.UnlockLead().TransitionTo(Undone)),
            When(StepStalled).AnnounceAgain(),
            Ignore(Held), Ignore(Released), Ignore(DeadlinePassed));

        During(Undone, Ignore(Held), Ignore(Released), Ignore(Finished), Ignore(StepStalled), Ignore(DeadlinePassed));
        During(GivenUp, Ignore(Held), Ignore(Released), Ignore(Finished), Ignore(StepStalled), Ignore(DeadlinePassed));
    }

    /// <summary>All participants were asked to check and to hold.</summary>
    public State Holding { get; private set; } = null!;
    /// <summary>All participants were asked to let go.</summary>
    public State PuttingBack { get; private set; } = null!;
    /// <summary>Past the pivot: all participants remove and put back.</summary>
    public State Finishing { get; private set; } = null!;
    /// <summary>Over, all is undone.</summary>
    public State Undone { get; private set; } = null!;
    /// <summary>Over, nothing was changed.</summary>
    public State GivenUp { get; private set; } = null!;

    public Event<ConversionUndoHeld> Held { get; private set; } = null!;
    public Event<ConversionUndoReleased> Released { get; private set; } = null!;
    public Event<ConversionUndoFinished> Finished { get; private set; } = null!;
    public Event<ConversionUndoStepStalled> StepStalled { get; private set; } = null!;
    public Event<ConversionUndoDeadlinePassed> DeadlinePassed { get; private set; } = null!;
}

// What the sweep tells the saga; see ConversionMessages.cs for why these are public and no contracts.

/// <summary>The current step of an undo has waited too long for its answers: ask again.</summary>
public sealed record ConversionUndoStepStalled
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
}

/// <summary>The deadline before the pivot has passed: let go of what is held, and give up.</summary>
public sealed record ConversionUndoDeadlinePassed
{
    /// <summary>The undo.</summary>
    public required Guid UndoId { get; init; }
}

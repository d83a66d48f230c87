using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;
using MassTransit;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// The conversion saga: which state answers which event how. Compensable steps (account, opportunity; both at once where all is new), one pivot (the lead is converted),
/// then a step that can only be retried (reveal what was provisional, carry over what hangs on the lead). What the verbs do is in <see cref="ConversionSteps"/>. The row is inserted by
/// <see cref="StartConversion"/> in the transaction that locks the lead, so nothing happens initially.
/// </summary>
internal sealed class ConversionStateMachine : MassTransitStateMachine<ConversionState>
{
    public ConversionStateMachine()
    {
        InstanceState(conversion => conversion.CurrentState);
        Event(() => AccountReady, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => AccountRefused, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => AccountUndone, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => OpportunityReady, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => OpportunityRefused, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => OpportunityUndone, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => StepStalled, answer => answer.OfConversion(message => message.ConversionId));
        Event(() => DeadlinePassed, answer => answer.OfConversion(message => message.ConversionId));
        WhenEnterAny(state => state.BeginStep());

        During(CreatingAccount,
            When(AccountReady).RememberAccount().IfElse(ConversionSteps.WaitsForOpportunity,
                then => then.AskForOpportunityUnlessAsked().TransitionTo(CreatingOpportunity),
                otherwise => otherwise.ConvertLead().TransitionTo(Revealing)),
            When(AccountRefused).RememberRefusal().IfElse(ConversionSteps.HasAskedAhead,
                then => then.AskToUndoOpportunity().TransitionTo(UndoingOpportunity),
                otherwise => otherwise.ReleaseLead().TransitionTo(Failed)),
            When(DeadlinePassed).RememberDeadline().IfElse(ConversionSteps.HasAskedAhead,
                then => then.AskToUndoOpportunity().TransitionTo(UndoingOpportunity),
                otherwise => otherwise.AskToUndoAccount().TransitionTo(UndoingAccount)),
            When(StepStalled).AskForAccount(),
            // Answered before the account was.
            When(OpportunityReady, ConversionSteps.HasAskedAhead).RememberOpportunity(),
            When(OpportunityRefused, ConversionSteps.HasAskedAhead).RememberRefusal().AskToUndoAccount().TransitionTo(UndoingAccount),
            Ignore(AccountUndone), Ignore(OpportunityUndone));

        During(CreatingOpportunity,
            When(OpportunityReady).RememberOpportunity().ConvertLead().TransitionTo(Revealing),
            When(OpportunityRefused).RememberRefusal().AskToUndoAccount().TransitionTo(UndoingAccount),
            When(DeadlinePassed).RememberDeadline().AskToUndoOpportunity().TransitionTo(UndoingOpportunity),
            When(StepStalled).AskForOpportunity(),
            Ignore(AccountReady), Ignore(AccountRefused), Ignore(AccountUndone),
            Ignore(OpportunityUndone));

        // Past the pivot: there is no way back, and no deadline. What participants have carried out is gathered by ConversionEnd.
        During(Revealing,
            When(StepStalled).AnnounceAgain(),
            Ignore(DeadlinePassed),
            Ignore(AccountReady), Ignore(AccountRefused), Ignore(AccountUndone),
            Ignore(OpportunityReady), Ignore(OpportunityRefused), Ignore(OpportunityUndone));

        During(UndoingOpportunity,
            When(OpportunityUndone).AskToUndoAccount().TransitionTo(UndoingAccount),
            When(StepStalled).AskToUndoOpportunity(),
            Ignore(DeadlinePassed),
            Ignore(AccountReady), Ignore(AccountRefused), Ignore(AccountUndone),
            Ignore(OpportunityReady), Ignore(OpportunityRefused));

        During(UndoingAccount,
            When(AccountUndone).ReleaseLead().TransitionTo(Failed),
            When(StepStalled).AskToUndoAccount(),
            When(OpportunityReady).AskToUndoOpportunity(),
            Ignore(DeadlinePassed),
            Ignore(AccountReady), Ignore(AccountRefused),
            Ignore(OpportunityRefused), Ignore(OpportunityUndone));

        During(Completed,
            Ignore(AccountReady), Ignore(AccountRefused), Ignore(AccountUndone),
            Ignore(OpportunityReady), Ignore(OpportunityRefused), Ignore(OpportunityUndone),
            Ignore(StepStalled), Ignore(DeadlinePassed));

        // A command that was sent twice may still be carried out after the first was refused: nothing of it may stay (here and above).
        During(Failed,
            When(AccountReady).AskToUndoAccount(),
            When(OpportunityReady).AskToUndoOpportunity(),
            Ignore(AccountRefused), Ignore(AccountUndone),
            Ignore(OpportunityRefused), Ignore(OpportunityUndone),
            Ignore(StepStalled), Ignore(DeadlinePassed));
    }

    /// <summary>Step 1: Accounts was asked for account and contact, and Opportunities for the opportunity if that was possible ahead.</summary>
    public State CreatingAccount { get; private set; } = null!;
    /// <summary>Step 2: Opportunities was asked for the opportunity.</summary>
    public State CreatingOpportunity { get; private set; } = null!;
    /// <summary>Past the pivot: the lead is converted; participants reveal what was provisional and carry over what hangs on the lead.</summary>
    public State Revealing { get; private set; } = null!;
    /// <summary>Over, all is done.</summary>
    public State Completed { get; private set; } = null!;
    /// <summary>Compensating: Opportunities was asked to undo.</summary>
    public State UndoingOpportunity { get; private set; } = null!;
    /// <summary>Compensating: Accounts was asked to undo.</summary>
    public State UndoingAccount { get; private set; } = null!;
    /// <summary>Over, all is undone and the lead is free.</summary>
    public State Failed { get; private set; } = null!;

    public Event<AccountAndContactReady> AccountReady { get; private set; } = null!;
    public Event<AccountAndContactRefused> AccountRefused { get; private set; } = null!;
    public Event<AccountAndContactUndone> AccountUndone { get; private set; } = null!;
    public Event<OpportunityReady> OpportunityReady { get; private set; } = null!;
    public Event<OpportunityRefused> OpportunityRefused { get; private set; } = null!;
    public Event<OpportunityUndone> OpportunityUndone { get; private set; } = null!;
    public Event<ConversionStepStalled> StepStalled { get; private set; } = null!;
    public Event<ConversionDeadlinePassed> DeadlinePassed { get; private set; } = null!;
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// What the verbs of <see cref="ConversionStateMachine"/> do. Everything happens in the transaction of the consumed message: the saga's
/// row, the lead, its history and what is published commit together or not at all.
/// </summary>
internal static class ConversionSteps
{
    /// <summary>Finds the conversion by its id. Answers to a conversion that is not (or no longer) known are harmless.</summary>
    public static void OfConversion<T>(this IEventCorrelationConfigurator<ConversionState, T> answer, Func<T, Guid> conversionId)
        where T : class
    {
        answer.CorrelateById(context => conversionId(context.Message));
        answer.OnMissingInstance(missing => missing.Discard());
    }

    public static bool WaitsForOpportunity<T>(BehaviorContext<ConversionState, T> context) where T : class =>
        context.Saga.Plan.Opportunity is not null && context.Saga.Opportunity is null;

    public static bool HasAskedAhead<T>(BehaviorContext<ConversionState, T> context) where T : class =>
        context.Saga.Plan.OpportunityAhead;

    /// <summary>A state was entered: the wait for its answer starts anew, or the conversion is over. Whoever waits is told.</summary>
    public static EventActivityBinder<ConversionState> BeginStep(this EventActivityBinder<ConversionState> state) =>
        state.Then(context =>
        {
            context.Saga.Enter(context.Service<IOptions<ConversionOptions>>().Value, context.Service<TimeProvider>().GetUtcNow());
            context.Service<IConversionEffects>().StateEntered(context.Saga);
        });

    public static EventActivityBinder<ConversionState, AccountAndContactReady> RememberAccount(
        this EventActivityBinder<ConversionState, AccountAndContactReady> answer) =>
        answer.Then(context => context.Saga.Accounts = context.Message);

    public static EventActivityBinder<ConversionState, OpportunityReady> RememberOpportunity(
        this EventActivityBinder<ConversionState, OpportunityReady> answer) =>
        answer.Then(context => context.Saga.Opportunity = context.Message);

    public static EventActivityBinder<ConversionState, AccountAndContactRefused> RememberRefusal(
        this EventActivityBinder<ConversionState, AccountAndContactRefused> answer) =>
        answer.Then(context => context.Saga.Failure = ConversionFailures.From(context.Message));

    public static EventActivityBinder<ConversionState, OpportunityRefused> RememberRefusal(
        this EventActivityBinder<ConversionState, OpportunityRefused> answer) =>
        answer.Then(context => context.Saga.Failure = ConversionFailures.From(context.Message));

    public static EventActivityBinder<ConversionState, ConversionDeadlinePassed> RememberDeadline(
        this EventActivityBinder<ConversionState, ConversionDeadlinePassed> passed) =>
        passed.Then(context => context.Saga.Failure = ConversionFailures.DeadlinePassed(context.Saga));

    /// <summary>Step 1.</summary>
    public static EventActivityBinder<ConversionState, T> AskForAccount<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.Tell(conversion => conversion.Plan.Accounts);

    /// <summary>Step 2, unless it was asked for together with step 1.</summary>
    public static EventActivityBinder<ConversionState, T> AskForOpportunityUnlessAsked<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.IfElse(HasAskedAhead, asked => asked, otherwise => otherwise.AskForOpportunity());

    /// <summary>Step 2, for the account and contact that step 1 resolved.</summary>
    public static EventActivityBinder<ConversionState, T> AskForOpportunity<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.Tell(conversion => conversion.Plan.Opportunity! with
        {
            AccountId = conversion.Accounts!.AccountId,
            AccountName = conversion.Accounts.AccountName,
            AccountIsNew = conversion.Accounts.AccountCreated,
            ContactId = conversion.Accounts.ContactId,
            ContactName = conversion.Accounts.ContactName,
        });

    public static EventActivityBinder<ConversionState, T> AskToUndoAccount<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.Tell(conversion => new UndoAccountAndContact { ConversionId = conversion.CorrelationId });

    public static EventActivityBinder<ConversionState, T> AskToUndoOpportunity<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.Tell(conversion => new UndoOpportunity { ConversionId = conversion.CorrelationId });

    /// <summary>The pivot: the lead is converted for good, and <see cref="LeadConverted"/> says so.</summary>
    public static EventActivityBinder<ConversionState, T> ConvertLead<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.ThenAsync(async context => context.Tell(
            await context.Service<IConversionEffects>().ConvertLead(context.Saga, context.CancellationToken)));

    /// <summary>A participant has not answered <see cref="LeadConverted"/>: it is said once more.</summary>
    public static EventActivityBinder<ConversionState, T> AnnounceAgain<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.ThenAsync(async context => context.Tell(
            await context.Service<IConversionEffects>().Announcement(context.Saga, context.CancellationToken)));

    /// <summary>Nothing of the conversion is left elsewhere: the lead is what it was before (C31).</summary>
    public static EventActivityBinder<ConversionState, T> ReleaseLead<T>(this EventActivityBinder<ConversionState, T> binder)
        where T : class =>
        binder.ThenAsync(context => context.Service<IConversionEffects>().ReleaseLead(context.Saga, context.CancellationToken));

    private static EventActivityBinder<ConversionState, T> Tell<T, TMessage>(
        this EventActivityBinder<ConversionState, T> binder, Func<ConversionState, TMessage> message)
        where T : class where TMessage : class =>
        binder.Then(context => context.Tell(message(context.Saga)));

    private static void Tell<TMessage>(this BehaviorContext<ConversionState> context, TMessage message) where TMessage : class =>
        context.Service<IConversionEffects>().Tell(context.Saga, message);

    private static TService Service<TService>(this BehaviorContext<ConversionState> context) where TService : class =>
        context.GetServiceOrCreateInstance<TService>();
}

using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>
/// What the verbs of <see cref="UndoStateMachine"/> do. Everything happens in the transaction of the consumed message: the saga's row, the
/// lead, its history and what is published commit together or not at all.
/// </summary>
internal static class UndoSteps
{
    /// <summary>Finds the undo by its id. Answers to an undo that is not known are harmless.</summary>
    public static void OfUndo<T>(this IEventCorrelationConfigurator<UndoState, T> answer, Func<T, Guid> undoId) where T : class
    {
        answer.CorrelateById(context => undoId(context.Message));
        answer.OnMissingInstance(missing => missing.Discard());
    }

    public static bool AllHold<T>(BehaviorContext<UndoState, T> context) where T : class => UndoParticipants.All.All(context.Saga.Held.ContainsKey);

    public static bool NothingBlocks<T>(BehaviorContext<UndoState, T> context) where T : class => context.Saga.Verdict.Status == StatusCodes.Status200OK;

    public static bool AllReleased<T>(BehaviorContext<UndoState, T> context) where T : class => UndoParticipants.All.All(context.Saga.Released.Contains);

    public static bool AllDone<T>(BehaviorContext<UndoState, T> context) where T : class => UndoParticipants.All.All(context.Saga.Done.ContainsKey);

    /// <summary>A state was entered: the wait for its answers starts anew, or the undo is over. Whoever waits is told.</summary>
    public static EventActivityBinder<UndoState> BeginStep(this EventActivityBinder<UndoState> state) => state.Then(context =>
    {
        context.Saga.Enter(context.Service<IOptions<ConversionOptions>>().Value, context.Service<TimeProvider>().GetUtcNow());
        context.Service<IUndoEffects>().StateEntered(context.Saga);
    });

    public static EventActivityBinder<UndoState, ConversionUndoHeld> RememberCheck(this EventActivityBinder<UndoState, ConversionUndoHeld> answer) =>
        answer.Then(context => context.Saga.Held = new Dictionary<string, ConversionUndoCheck>(context.Saga.Held) { [context.Message.Participant] = context.Message.Check });

    public static EventActivityBinder<UndoState, ConversionUndoReleased> RememberRelease(this EventActivityBinder<UndoState, ConversionUndoReleased> answer) =>
        answer.Then(context => context.Saga.Released = [.. context.Saga.Released.Union([context.Message.Participant])]);

    public static EventActivityBinder<UndoState, ConversionUndoFinished> RememberDone(this EventActivityBinder<UndoState, ConversionUndoFinished> answer) =>
        answer.Then(context => context.Saga.Done =
            new Dictionary<string, IReadOnlyList<UndoneField>>(context.Saga.Done) { [context.Message.Participant] = context.Message.Fields });

    public static EventActivityBinder<UndoState, T> RememberBlockers<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.Then(context => context.Saga.Failure = context.Saga.Verdict.ToFailure());

    public static EventActivityBinder<UndoState, T> RememberDeadline<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.Then(context => context.Saga.Failure = new UndoFailure
        {
            Type = UndoFailure.DeadlinePassed,
            Status = StatusCodes.Status504GatewayTimeout,
            Detail = $"The conversion was not undone, and nothing was changed: {string.Join(", ", UndoParticipants.All.Except(context.Saga.Held.Keys))} did not answer by "
                + $"{context.Saga.DeadlineAt:yyyy-MM-dd HH:mm:ss} UTC. Try again later.",
        });

    /// <summary>Everybody is to check and to hold; whoever has done so repeats the answer.</summary>
    public static EventActivityBinder<UndoState, T> AskToHold<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.ThenAsync(context => context.Tell(context.Saga.CorrelationId, context.Saga.Begun, context.CancellationToken));

    /// <summary>Everybody is to let go.</summary>
    public static EventActivityBinder<UndoState, T> GiveUp<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.ThenAsync(context => context.Tell(
            context.Saga.CorrelationId, new ConversionUndoGivenUp { UndoId = context.Saga.CorrelationId, ConversionId = context.Saga.ConversionId }, context.CancellationToken));

    /// <summary>The pivot: the lead is a lead again, and <see cref="LeadConversionUndone"/> says so.</summary>
    public static EventActivityBinder<UndoState, T> GiveLeadBack<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.ThenAsync(async context => await context.Tell(
            context.Saga.CorrelationId, await context.Service<IUndoEffects>().GiveLeadBack(context.Saga, context.CancellationToken), context.CancellationToken));

    /// <summary>A participant has not answered <see cref="LeadConversionUndone"/>: it is said once more.</summary>
    public static EventActivityBinder<UndoState, T> AnnounceAgain<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.ThenAsync(async context => await context.Tell(
            context.Saga.CorrelationId, await context.Service<IUndoEffects>().Announcement(context.Saga, context.CancellationToken), context.CancellationToken));

    /// <summary>The undo is over, one way or the other: the lead is free.</summary>
    public static EventActivityBinder<UndoState, T> UnlockLead<T>(this EventActivityBinder<UndoState, T> binder) where T : class =>
        binder.ThenAsync(context => context.Service<IUndoEffects>().UnlockLead(context.Saga, context.CancellationToken));

    private static TService Service<TService>(this BehaviorContext<UndoState> context) where TService : class => context.GetServiceOrCreateInstance<TService>();
}

/// <summary>Who takes part in every undo, also where the conversion left nothing: it may have been referred to since.</summary>
internal static class UndoParticipants
{
    public static readonly IReadOnlyList<string> All = ["accounts", "opportunities", "activities", "campaigns"];
}

using System.Collections.Concurrent;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.ConversionUndo;
using MassTransit;
using MassTransit.Saga;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.ConversionUndo;

/// <summary>The undo's state machine on MassTransit's in-memory transport, with a record of what it says and what it does to the lead.</summary>
public sealed class UndoInMemory : IAsyncLifetime, IPublishObserver
{
    internal static readonly DateTimeOffset Now = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<(Type Type, object Message, Guid? CorrelationId)> said = new();
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<string>> effects = new();
    private readonly ServiceProvider services;
    private readonly HashSet<Guid> ours = [];

    public UndoInMemory()
    {
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new StoppedClock())
            .AddSingleton<IUndoEffects>(new RecordedEffects(effects))
            .AddMassTransitTestHarness(bus => bus.AddSagaStateMachine<UndoStateMachine, UndoState>().InMemoryRepository())
            .AddOptions<ConversionOptions>().Services
            .BuildServiceProvider(validateScopes: true);
        Harness = services.GetRequiredService<ITestHarness>();
    }

    private ITestHarness Harness { get; }

    /// <summary>Messages that the saga hears, with the event's name in the machine.</summary>
    internal static readonly IReadOnlyDictionary<Type, string> Events = new Dictionary<Type, string>
    {
        [typeof(ConversionUndoHeld)] = nameof(UndoStateMachine.Held),
        [typeof(ConversionUndoReleased)] = nameof(UndoStateMachine.Released),
        [typeof(ConversionUndoFinished)] = nameof(UndoStateMachine.Finished),
        [typeof(ConversionUndoStepStalled)] = nameof(UndoStateMachine.StepStalled),
        [typeof(ConversionUndoDeadlinePassed)] = nameof(UndoStateMachine.DeadlinePassed),
    };

    public async ValueTask InitializeAsync()
    {
        await Harness.Start();
        Harness.Bus.ConnectPublishObserver(this);
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    /// <summary>An undo that stands in a state, all participants but the last one having answered there.</summary>
    internal async Task<UndoState> Begin(string state, int answered = 3)
    {
        var begun = Some.Begun();
        var undo = UndoState.Begin(begun, new ConversionOptions(), Now);
        undo.CurrentState = state;
        var before = UndoParticipants.All.Take(answered).ToList();
        undo.Held = (state == nameof(UndoStateMachine.Holding) ? before : UndoParticipants.All).ToDictionary(name => name, _ => new ConversionUndoCheck { Status = 200 });
        if (state == nameof(UndoStateMachine.PuttingBack)) undo.Released = before;
        if (state == nameof(UndoStateMachine.Finishing)) undo.Done = before.ToDictionary(name => name, _ => (IReadOnlyList<UndoneField>)[]);

        var sagas = services.GetRequiredService<IndexedSagaDictionary<UndoState>>();
        await sagas.MarkInUse(CancellationToken.None);
        try
        {
            sagas.Add(new SagaInstance<UndoState>(undo));
        }
        finally
        {
            sagas.Release();
        }
        return undo;
    }

    /// <summary>Tells the saga something and waits until it has taken it in.</summary>
    internal async Task Tell(object message)
    {
        var messageId = Guid.CreateVersion7();
        lock (ours) ours.Add(messageId);
        await Harness.Bus.Publish(message, message.GetType(), context => context.MessageId = messageId);
        var saga = Harness.GetSagaStateMachineHarness<UndoStateMachine, UndoState>();
        (await saga.Consumed.Any(consumed => consumed.Context.MessageId == messageId)).ShouldBeTrue($"{message.GetType().Name} was not consumed");
    }

    internal IEnumerable<Type> SaidBy(UndoState undo) => OfUndo(undo).Select(message => message.Type);

    internal IEnumerable<Guid?> CorrelationsOf(UndoState undo) => OfUndo(undo).Select(message => message.CorrelationId);

    internal IEnumerable<string> EffectsOf(UndoState undo) => effects.GetValueOrDefault(undo.CorrelationId) ?? [];

    /// <summary>A message to the undo, from the last participant where one says it.</summary>
    internal static object Message(Type type, UndoState undo, string? participant = null, ConversionUndoCheck? check = null)
    {
        var (id, who) = (undo.CorrelationId, participant ?? UndoParticipants.All[^1]);
        return type.Name switch
        {
            nameof(ConversionUndoHeld) => new ConversionUndoHeld { UndoId = id, Participant = who, Check = check ?? new ConversionUndoCheck { Status = 200 } },
            nameof(ConversionUndoReleased) => new ConversionUndoReleased { UndoId = id, Participant = who },
            nameof(ConversionUndoFinished) => new ConversionUndoFinished { UndoId = id, Participant = who },
            nameof(ConversionUndoStepStalled) => new ConversionUndoStepStalled { UndoId = id },
            nameof(ConversionUndoDeadlinePassed) => new ConversionUndoDeadlinePassed { UndoId = id },
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context) where T : class
    {
        lock (ours)
            if (!ours.Contains(context.MessageId!.Value)) said.Enqueue((typeof(T), context.Message, context.CorrelationId));
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

    private IEnumerable<(Type Type, object Message, Guid? CorrelationId)> OfUndo(UndoState undo) =>
        said.Where(message => (Guid)message.Type.GetProperty("UndoId")!.GetValue(message.Message)! == undo.CorrelationId);

    internal static class Some
    {
        internal static ConversionUndoBegun Begun() => new()
        {
            UndoId = Guid.CreateVersion7(), ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = Guid.CreateVersion7(),
            AccountId = Guid.CreateVersion7(), AccountCreated = true, ContactId = Guid.CreateVersion7(), ContactCreated = true, OpportunityId = Guid.CreateVersion7(), OpportunityCreated = true,
        };
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class RecordedEffects(ConcurrentDictionary<Guid, ConcurrentQueue<string>> effects) : IUndoEffects
    {
        public Task<LeadConversionUndone> GiveLeadBack(UndoState undo, CancellationToken ct) => Undone(undo, "give back");

        public Task<LeadConversionUndone> Announcement(UndoState undo, CancellationToken ct) => Undone(undo, "announce");

        public Task UnlockLead(UndoState undo, CancellationToken ct)
        {
            Note(undo, "unlock");
            return Task.CompletedTask;
        }

        public void StateEntered(UndoState undo) { }

        private Task<LeadConversionUndone> Undone(UndoState undo, string effect)
        {
            Note(undo, effect);
            return Task.FromResult(new LeadConversionUndone
            {
                UndoId = undo.CorrelationId, ConversionId = undo.ConversionId, AccountId = undo.Begun.AccountId, ContactId = undo.Begun.ContactId, ActorId = undo.ActingUserId, At = Now,
                Lead = new LeadState { LeadId = undo.LeadId, Version = 3, LastName = "Person", Status = "New", StatusCategory = "open" },
            });
        }

        private void Note(UndoState undo, string effect) => effects.GetOrAdd(undo.CorrelationId, _ => new()).Enqueue(effect);
    }
}

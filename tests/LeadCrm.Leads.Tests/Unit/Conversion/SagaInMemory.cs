using System.Collections.Concurrent;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Opportunities.Contracts;
using MassTransit;
using MassTransit.Saga;
using MassTransit.Testing;
using Shouldly;
using Xunit;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>The state machine on MassTransit's in-memory transport, with a record of what it says and what it does to the lead.</summary>
public sealed class SagaInMemory : IAsyncLifetime
{
    internal static readonly DateTimeOffset Now = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<(Guid ConversionId, object Message)> said = new();
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<string>> effects = new();
    private readonly ServiceProvider services;

    public SagaInMemory()
    {
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new StoppedClock())
            .AddSingleton<IConversionEffects>(new RecordedEffects(effects, said))
            .AddMassTransitTestHarness(bus =>
            {
                bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(30));   // a busy machine may take more than the usual second
                bus.AddSagaStateMachine<ConversionStateMachine, ConversionState>().InMemoryRepository();
            })
            .AddOptions<ConversionOptions>().Services
            .BuildServiceProvider(validateScopes: true);
        Harness = services.GetRequiredService<ITestHarness>();
    }

    private ITestHarness Harness { get; }

    /// <summary>Messages that the saga hears, with the event's name in the machine.</summary>
    internal static readonly IReadOnlyDictionary<Type, string> Events = new Dictionary<Type, string>
    {
        [typeof(AccountAndContactReady)] = nameof(ConversionStateMachine.AccountReady),
        [typeof(AccountAndContactRefused)] = nameof(ConversionStateMachine.AccountRefused),
        [typeof(AccountAndContactUndone)] = nameof(ConversionStateMachine.AccountUndone),
        [typeof(OpportunityReady)] = nameof(ConversionStateMachine.OpportunityReady),
        [typeof(OpportunityRefused)] = nameof(ConversionStateMachine.OpportunityRefused),
        [typeof(OpportunityUndone)] = nameof(ConversionStateMachine.OpportunityUndone),
        [typeof(ConversionStepStalled)] = nameof(ConversionStateMachine.StepStalled),
        [typeof(ConversionDeadlinePassed)] = nameof(ConversionStateMachine.DeadlinePassed),
    };

    public async ValueTask InitializeAsync()
    {
        await Harness.Start();
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();

    /// <summary>A conversion that stands in a state, as it would be after the steps before.</summary>
    internal async Task<ConversionState> Begin(string state, bool withOpportunity = true, bool ahead = false)
    {
        var conversion = ConversionState.Begin(Plans.Some(withOpportunity) with { OpportunityAhead = ahead }, wasChecked: true, new ConversionOptions(), Now);
        conversion.CurrentState = state;
        if (state != nameof(ConversionStateMachine.CreatingAccount)) conversion.Accounts = Ready(conversion);
        if (state is nameof(ConversionStateMachine.Revealing) or nameof(ConversionStateMachine.Completed) && withOpportunity)
            conversion.Opportunity = new OpportunityReady { ConversionId = conversion.CorrelationId, OpportunityId = Guid.NewGuid(), Name = "Deal", Created = true, Updated = false };

        var sagas = services.GetRequiredService<IndexedSagaDictionary<ConversionState>>();
        await sagas.MarkInUse(CancellationToken.None);
        try
        {
            sagas.Add(new SagaInstance<ConversionState>(conversion));
        }
        finally
        {
            sagas.Release();
        }
        return conversion;
    }

    /// <summary>Tells the saga something and waits until it has taken it in.</summary>
    internal async Task Tell(ConversionState conversion, Type type)
    {
        var messageId = Guid.CreateVersion7();
        await Harness.Bus.Publish(Message(type, conversion), type, context => context.MessageId = messageId);
        var saga = Harness.GetSagaStateMachineHarness<ConversionStateMachine, ConversionState>();
        (await saga.Consumed.Any(consumed => consumed.Context.MessageId == messageId)).ShouldBeTrue($"{type.Name} was not consumed");
    }

    internal IEnumerable<Type> SaidBy(ConversionState conversion) => OfConversion(conversion).Select(message => message.GetType());

    internal IEnumerable<T> MessagesOf<T>(ConversionState conversion) => OfConversion(conversion).OfType<T>();

    internal IEnumerable<string> EffectsOf(ConversionState conversion) => effects.GetValueOrDefault(conversion.CorrelationId) ?? [];

    private IEnumerable<object> OfConversion(ConversionState conversion) =>
        said.Where(message => message.ConversionId == conversion.CorrelationId).Select(message => message.Message);

    private static AccountAndContactReady Ready(ConversionState conversion) => new()
    {
        ConversionId = conversion.CorrelationId, AccountId = conversion.Plan.Accounts.AccountId, AccountName = "Resolved Ltd", AccountCreated = false,
        AccountUpdated = true, ContactId = conversion.Plan.Accounts.ContactId, ContactName = "Resolved Person", ContactCreated = true, ContactUpdated = false,
    };

    private static object Message(Type type, ConversionState conversion)
    {
        var id = conversion.CorrelationId;
        return type.Name switch
        {
            nameof(AccountAndContactReady) => Ready(conversion),
            nameof(AccountAndContactRefused) => new AccountAndContactRefused { ConversionId = id, Status = 409, Reason = "Looks like one we have." },
            nameof(AccountAndContactUndone) => new AccountAndContactUndone { ConversionId = id },
            nameof(OpportunityReady) => new OpportunityReady { ConversionId = id, OpportunityId = Guid.NewGuid(), Name = "Deal", Created = true, Updated = false },
            nameof(OpportunityRefused) => new OpportunityRefused { ConversionId = id, Status = 422, Reason = "No such stage.", Violations = [new() { Field = "stage", Message = "There is no such stage." }] },
            nameof(OpportunityUndone) => new OpportunityUndone { ConversionId = id },
            nameof(ConversionStepStalled) => new ConversionStepStalled { ConversionId = id },
            nameof(ConversionDeadlinePassed) => new ConversionDeadlinePassed { ConversionId = id },
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class RecordedEffects(ConcurrentDictionary<Guid, ConcurrentQueue<string>> effects, ConcurrentQueue<(Guid, object)> said) : IConversionEffects
    {
        public void Tell(ConversionState conversion, object message) => said.Enqueue((conversion.CorrelationId, message));

        public void Together(IReadOnlyCollection<ConversionState> conversions) { }

        public Task<LeadConverted> ConvertLead(ConversionState conversion, CancellationToken ct) => Converted(conversion, "convert");

        public Task<LeadConverted> Announcement(ConversionState conversion, CancellationToken ct) => Converted(conversion, "announce");

        public Task ReleaseLead(ConversionState conversion, CancellationToken ct)
        {
            Note(conversion, "release");
            return Task.CompletedTask;
        }

        public void StateEntered(ConversionState conversion) { }

        private Task<LeadConverted> Converted(ConversionState conversion, string effect)
        {
            Note(conversion, effect);
            return Task.FromResult(new LeadConverted
            {
                ConversionId = conversion.CorrelationId, AccountId = conversion.Accounts!.AccountId, AccountCreated = false,
                ContactId = conversion.Accounts.ContactId, ContactCreated = true, OwnerId = conversion.ActingUserId, ActorId = conversion.ActingUserId, At = Now,
                Lead = new LeadState { LeadId = conversion.LeadId, Version = 3, LastName = "Person", Status = "Converted", StatusCategory = "converted", IsConverted = true },
            });
        }

        private void Note(ConversionState conversion, string effect) => effects.GetOrAdd(conversion.CorrelationId, _ => new()).Enqueue(effect);
    }
}

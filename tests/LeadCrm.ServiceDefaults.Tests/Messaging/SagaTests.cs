using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

public sealed record DealOpened : CorrelatedBy<Guid> { public required Guid CorrelationId { get; init; } }
public sealed record DealMoved : CorrelatedBy<Guid> { public required Guid CorrelationId { get; init; } }
public sealed record DealClosed : CorrelatedBy<Guid> { public required Guid CorrelationId { get; init; } }
public sealed record DealForgotten : CorrelatedBy<Guid> { public required Guid CorrelationId { get; init; } }

internal sealed class DealStateMachine : MassTransitStateMachine<DealState>
{
    public DealStateMachine(Seen seen)
    {
        InstanceState(deal => deal.CurrentState);
        Initially(When(Opened).TransitionTo(Open));
        During(Open,
            Ignore(Opened),
            When(Moved)
                .Then(context => context.Saga.Steps++)
                .PublishAsync(context => Task.FromResult(new Answered { Id = context.Saga.CorrelationId }))
                .ThenAsync(context => seen.Behave("moved", seen.Add("moved"))),
            When(Closed).TransitionTo(Done));
        DuringAny(When(Forgotten).Finalize());
        SetCompletedWhenFinalized();
    }

    public State Open { get; private set; } = null!;
    public State Done { get; private set; } = null!;
    public Event<DealOpened> Opened { get; private set; } = null!;
    public Event<DealMoved> Moved { get; private set; } = null!;
    public Event<DealClosed> Closed { get; private set; } = null!;
    public Event<DealForgotten> Forgotten { get; private set; } = null!;
}

public sealed class SagaTests
{
    private static readonly Action<IBusRegistrationConfigurator> Saga = bus =>
    {
        bus.AddSagaStateMachine<DealStateMachine, DealState>();
        bus.AddConsumer<AnsweredConsumer>();
    };

    [Fact]
    public async Task An_initiating_event_creates_the_row_and_a_duplicate_changes_nothing()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Saga);
        var id = Guid.CreateVersion7();

        await service.Publish(Enumerable.Range(0, 10).Select(_ => new DealOpened { CorrelationId = id }).ToArray());

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.inbox") == 10);
        (await service.Scalar<string>($"select current_state from deal_state where correlation_id = '{id}'")).ShouldBe("Open");
        (await service.Scalar<long>("select count(*) from deal_state")).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_events_of_one_saga_are_worked_on_one_after_the_other()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Saga);
        var id = Guid.CreateVersion7();
        await service.Publish(new DealOpened { CorrelationId = id });
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from deal_state") == 1);

        await service.Publish(Enumerable.Range(0, 60).Select(_ => new DealMoved { CorrelationId = id }).ToArray());

        await Eventually.Is(() => service.Seen.Answers == 60);
        (await service.Scalar<int>("select steps from deal_state")).ShouldBe(60);
        service.Seen.Count("moved").ShouldBe(60);   // nobody lost a race and had to repeat
    }

    [Fact]
    public async Task An_activity_that_throws_leaves_state_and_outbox_as_they_were()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Saga);
        var id = Guid.CreateVersion7();
        service.Seen.Behave = (_, time) => time < 4 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await service.Publish(new DealOpened { CorrelationId = id });
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from deal_state") == 1);
        await service.Publish(new DealMoved { CorrelationId = id });

        await Eventually.Is(() => service.Seen.Answers == 1);
        service.Seen.Count("moved").ShouldBe(4);
        (await service.Scalar<int>("select steps from deal_state")).ShouldBe(1);
    }

    [Fact]
    public async Task A_finalized_saga_is_deleted()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, Saga);
        var id = Guid.CreateVersion7();
        await service.Publish(new DealOpened { CorrelationId = id });
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from deal_state") == 1);

        await service.Publish(new DealForgotten { CorrelationId = id });

        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from deal_state") == 0);
    }
}

using LeadCrm.Testing;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>What a connection to the broker that breaks at a bad moment leaves behind: nothing that keeps a service silent once the broker is back.</summary>
public sealed class BrokerReturnTests
{
    /// <summary>A queue that is to be heard again, and an outbox that is to be sent again, within this time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_consumer_that_ends_after_its_connection_broke_does_not_silence_the_service()
    {
        await using var ground = await Ground.Create();
        var moment = new Moment();
        await using var service = await TestService.Start(ground, bus =>
        {
            bus.AddConsumer<NotedConsumer>();
            bus.AddConsumer<AnsweredConsumer>();
            bus.AddConsumeObserver(_ => moment);
        });

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "in the middle" });
        await moment.Noted.WaitAsync(TimeSpan.FromSeconds(30));
        await moment.Answered.WaitAsync(TimeSpan.FromSeconds(30));
        ground.BrokerCable.Cut();
        await moment.Passed.WaitAsync(TimeSpan.FromSeconds(30));
        ground.BrokerCable.Mend();

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });
        await Eventually.Is(async () => await service.Effects("after") == 1, deadline: Soon);
        await Eventually.Is(() => service.Seen.Answers == 2, deadline: Soon);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0, deadline: Soon);
        (await service.Effects("in the middle")).ShouldBe(1);
    }

    [Fact]
    public async Task A_broker_that_takes_connections_and_answers_nothing_is_waited_for_and_used_again_at_once()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "before" });
        await Eventually.Is(async () => await service.Effects("before") == 1);

        // Longer than a message may take to be confirmed, and than the heartbeats that may be missed: both connections are given up and made anew.
        ground.BrokerCable.Freeze();
        for (var i = 0; i < 35; i++)
        {
            await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "during" });
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        ground.BrokerCable.Thaw();

        await Eventually.Is(async () => await service.Effects("during") == 35, deadline: Soon);
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.outbox") == 0, deadline: Soon);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_queues_are_declared_leaves_none_of_them_silent()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus =>
        {
            bus.AddConsumer<NotedConsumer>();
            bus.AddConsumer<AnsweredConsumer>();
            bus.AddConsumer<AskedConsumer>();
        });
        for (var round = 0; round < 4; round++)
        {
            ground.BrokerCable.Cut();
            ground.BrokerCable.Mend();
            await ground.BrokerCable.Connected();
            await Task.Delay(Random.Shared.Next(1, 150));   // somewhere in the declarations that follow
        }

        await service.Publish(new Noted { Id = Guid.NewGuid(), Note = "after" });
        await service.Publish(new Asked { Note = "asked" });
        await Eventually.Is(async () => await service.Effects("after") == 1, deadline: TimeSpan.FromMinutes(1));   // the bus waits up to 30 s after many failures
        await Eventually.Is(() => service.Seen.Answers == 1, deadline: Soon);
        await Eventually.Is(() => service.Seen.Count("asked") == 1, deadline: Soon);
        await Eventually.Is(async () => (await service.Client.GetStringAsync("/health/ready")).Contains("\"status\":\"healthy\",\"checks\""), deadline: TimeSpan.FromMinutes(1));
    }

    /// <summary>Holds the first message of two queues between its commit and its acknowledgement, and lets them go in the instant in which the channel is closed.</summary>
    private sealed class Moment : IConsumeObserver
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);   // of two channels the second may never hear that the connection is gone
        private readonly TaskCompletionSource noted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Noted => noted.Task;

        public Task Answered => answered.Task;

        public Task Passed => passed.Task;

        public async Task PostConsume<T>(ConsumeContext<T> context) where T : class
        {
            await Task.Yield();
            var isFirst = context.Message is Noted ? noted.TrySetResult() : context.Message is Answered && answered.TrySetResult();
            if (!isFirst) return;
            var channel = context.ReceiveContext.GetPayload<ChannelContext>().Channel;
            SpinWait.SpinUntil(() => channel.IsClosed, Patience);
            passed.TrySetResult();
        }

        public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}

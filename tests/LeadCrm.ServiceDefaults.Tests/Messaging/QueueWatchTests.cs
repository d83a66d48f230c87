using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

public sealed class QueueWatchTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_queue_that_stays_disconnected_and_says_nothing_is_hanging_and_one_that_fails_or_is_back_is_not()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        await Eventually.Is(async () => (await service.Client.GetStringAsync("/health/ready")).Contains("\"status\":\"healthy\",\"checks\""));
        var clock = new Clock();
        using var watch = Watch(service, clock);
        using var connected = new Handle(service.Services.GetRequiredService<IBus>().ConnectReceiveEndpointObserver(watch));

        ground.BrokerCable.Cut();
        await Eventually.Is(() => { clock.Now += QueueWatch.Patience + Short; var hangs = watch.Hanging() is not null; clock.Now -= QueueWatch.Patience + Short; return hangs; });
        watch.Hanging().ShouldBeNull("it was heard of just now");

        ground.BrokerCable.Mend();
        await Eventually.Is(async () => (await service.Client.GetStringAsync("/health/ready")).Contains("\"status\":\"healthy\",\"checks\""));
        clock.Now += QueueWatch.Patience + Short;
        watch.Hanging().ShouldBeNull("all are connected");
    }

    [Fact]
    public async Task A_queue_from_which_nobody_takes_is_hanging_even_if_it_never_said_that_it_was_disconnected_and_is_not_once_it_is_served_again()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground, bus => bus.AddConsumer<NotedConsumer>());
        await Eventually.Is(async () => (await service.Client.GetStringAsync("/health/ready")).Contains("\"status\":\"healthy\",\"checks\""));
        var clock = new Clock();
        using var watch = Watch(service, clock);
        var bus = service.Services.GetRequiredService<IBusControl>();
        async Task<Uri?> Later()
        {
            (await watch.Ask(TestContext.Current.CancellationToken)).ShouldBeTrue();
            clock.Now += QueueWatch.Patience + Short;
            return watch.Hanging();
        }
        using (new Handle(bus.ConnectReceiveEndpointObserver(watch)))
        {
            await bus.StopAsync(TestContext.Current.CancellationToken);
            await bus.StartAsync(TestContext.Current.CancellationToken);
        }
        // From here on it is told nothing.
        (await Later()).ShouldBeNull("all are served");

        await bus.StopAsync(TestContext.Current.CancellationToken);
        (await Later()).ShouldNotBeNull("the queues are there, and nobody takes from them");

        ground.BrokerCable.Cut();
        (await watch.Ask(TestContext.Current.CancellationToken)).ShouldBeFalse();
        watch.Hanging().ShouldBeNull("nothing is known of any while the broker is away");
        ground.BrokerCable.Mend();

        await bus.StartAsync(TestContext.Current.CancellationToken);
        (await Later()).ShouldBeNull("all are served again");
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    private static QueueWatch Watch(TestService service, TimeProvider clock) => new(
        service.Services.GetRequiredService<IBus>(), service.Services.GetRequiredService<BrokerAddress>(), service.Services.GetRequiredService<MessagingService>(), clock,
        service.Services.GetRequiredService<IHostApplicationLifetime>(), NullLogger<QueueWatch>.Instance);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Handle(ConnectHandle handle) : IDisposable
    {
        public void Dispose() => handle.Disconnect();
    }
}

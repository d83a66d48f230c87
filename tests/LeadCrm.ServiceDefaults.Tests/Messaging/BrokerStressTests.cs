using System.Diagnostics;
using System.Globalization;
using LeadCrm.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

/// <summary>
/// Three services under load whose connections to the broker break again and again, at any moment. <c>LEADCRM_BROKER_ROUNDS</c> sets for how many rounds
/// (default 2), each with six breaks; <c>LEADCRM_BROKER_SPIN</c> how many threads burn CPU beside it (default none).
/// </summary>
public sealed class BrokerStressTests(ITestOutputHelper output)
{
    private const int BreaksPerRound = 6;
    private static readonly string[] names = ["one", "two", "three"];

    /// <summary>
    /// Longer than the bus ever waits before it connects again, and than <c>QueueWatch</c> needs to end a service of which a queue is left hanging: whoever has done nothing
    /// for that long, with work there, has been left behind.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task Services_whose_connections_break_again_and_again_under_load_are_never_silent_once_the_broker_is_back()
    {
        using var enough = new CancellationTokenSource();
        for (var i = 0; i < Setting("LEADCRM_BROKER_SPIN", 0); i++) new Thread(() => { while (!enough.IsCancellationRequested) Thread.SpinWait(1000); }) { IsBackground = true }.Start();
        await using var ground = await Ground.Create();
        var settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "None" };
        Task<TestService> Start(string name) => TestService.Start(ground, bus => { bus.AddConsumer<NotedConsumer>(); bus.AddConsumer<AnsweredConsumer>(); }, name: name, settings: settings);
        List<TestService> services = [];
        try
        {
            foreach (var name in names) services.Add(await Start(name));
            for (var round = 0; round < Setting("LEADCRM_BROKER_ROUNDS", 2); round++)
            {
                await Break(ground, services, round);
                await Recover(services, round, Start);
            }
        }
        finally
        {
            await enough.CancelAsync();
            foreach (var service in services) await service.DisposeAsync();
        }
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>Publishes from all services while the connections of all are cut, half of the times for a while.</summary>
    private static async Task Break(Ground ground, List<TestService> services, int round)
    {
        using var enough = new CancellationTokenSource();
        var publishers = services.Select(service => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await service.Publish(Enumerable.Range(0, 60).Select(_ => new Noted { Id = Guid.NewGuid(), Note = $"round {round}" }).ToArray());
                await Task.Delay(500);
            }
        })).ToList();
        for (var i = 0; i < BreaksPerRound; i++)
        {
            await Task.Delay(Random.Shared.Next(50, 1500));
            ground.BrokerCable.Cut();
            if (Random.Shared.Next(2) == 0) await Task.Delay(Random.Shared.Next(1, 1200));
            ground.BrokerCable.Mend();
        }
        await enough.CancelAsync();
        await Task.WhenAll(publishers);
    }

    /// <summary>Every service takes what each of them says, and the outbox that they share runs empty, without a long silence in between.</summary>
    private async Task Recover(List<TestService> services, int round, Func<string, Task<TestService>> start)
    {
        foreach (var service in services) await service.Publish(new Noted { Id = Guid.NewGuid(), Note = $"after {round}" });
        var (clock, quiet, last) = (Stopwatch.StartNew(), Stopwatch.StartNew(), "");
        while (true)
        {
            for (var i = 0; i < services.Count; i++)
                if (services[i].Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
                {
                    output.WriteLine($"round {round}: a queue of {names[i]} was left hanging, and its process ended after {clock.Elapsed.TotalSeconds:0} s");
                    await services[i].DisposeAsync();
                    services[i] = await start(names[i]);   // as whoever runs it does
                }
            var outbox = await services[0].Scalar<long>("select count(*) from platform.outbox");
            var (effects, heard) = (await services[0].Scalar<long>("select count(*) from effects"), await services[0].Effects($"after {round}"));
            if (outbox == 0 && heard == services.Count * services.Count) break;
            var now = $"{outbox} messages to send, {effects} effects, {heard} of {services.Count * services.Count} heard";
            if (now != last) quiet.Restart();
            last = now;
            quiet.Elapsed.ShouldBeLessThan(Silence, $"round {round}: {now}");
            await Task.Delay(200);
        }
        output.WriteLine($"round {round}: everything done after {clock.Elapsed.TotalSeconds:0.0} s");
    }
}

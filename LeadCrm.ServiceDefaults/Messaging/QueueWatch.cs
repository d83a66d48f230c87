using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// The last resort against a queue that is left hanging, although the broker answers: one that is not connected and of whose attempts to connect nothing is heard
/// any more, or one that says it is connected while the broker knows of nobody who takes its messages. Then the process ends, and whoever runs it starts it again.
/// A queue that tries and fails says so every half minute and is never meant: a broker that is away, or refuses, ends nobody.
/// </summary>
internal sealed class QueueWatch(
    IBus bus, BrokerAddress broker, MessagingService service, TimeProvider clock, IHostApplicationLifetime application, ILogger<QueueWatch> log)
    : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>Twice as long as the bus ever waits between two attempts.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<Uri, bool> known = new();   // has been connected: before, the broker need not have it
    private readonly ConcurrentDictionary<Uri, DateTimeOffset> disconnected = new();
    private readonly ConcurrentDictionary<Uri, DateTimeOffset> unserved = new();   // the broker knows of nobody who takes from it
    private BrokerLine? line;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bus.ConnectReceiveEndpointObserver(this);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!await Ask(stoppingToken) || Hanging() is null) continue;
            await Task.Delay(Interval, clock, stoppingToken);   // the broker may have come back this very moment
            if (!await Ask(stoppingToken) || Hanging() is not { } queue) continue;
            log.LogCritical("{Queue} is left hanging, although the broker answers: nobody takes its messages and nobody tries to; the process ends, to be started again", queue);
            Environment.ExitCode = 1;
            application.StopApplication();
            break;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (line is not null) await line.Close();
    }

    /// <summary>A queue of which nothing has been heard for too long since it was disconnected, or since the broker says that nobody takes from it.</summary>
    internal Uri? Hanging() => disconnected.Concat(unserved).Where(queue => clock.GetUtcNow() - queue.Value > Patience).Select(queue => queue.Key).FirstOrDefault();

    /// <summary>Asks the broker who takes from the service's queues. False when it does not answer: then nothing is known of any.</summary>
    internal async Task<bool> Ask(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(BrokerAddress.AnswerTimeout);
        try
        {
            line ??= await BrokerLine.Open(broker.Connections(service.Name + " watch"), log, deadline.Token);
            foreach (var queue in known.Keys)
                if (await line.IsServed(queue.Segments[^1], deadline.Token)) unserved.TryRemove(queue, out _);
                else unserved.TryAdd(queue, clock.GetUtcNow());
            return true;
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)
        {
            log.LogDebug(ex, "The broker does not answer");
            line?.LeaveBehind();
            line = null;
            unserved.Clear();
            return false;
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (IsOurs(ready.InputAddress)) known[ready.InputAddress] = true;
        return Heard(ready.InputAddress, isConnected: true);
    }

    public Task Completed(ReceiveEndpointCompleted completed) => Heard(completed.InputAddress, isConnected: false);

    public Task Faulted(ReceiveEndpointFaulted faulted) => Heard(faulted.InputAddress, isConnected: false);

    public Task Stopping(ReceiveEndpointStopping stopping) => Heard(stopping.InputAddress, isConnected: true);

    private Task Heard(Uri queue, bool isConnected)
    {
        unserved.TryRemove(queue, out _);
        if (isConnected) disconnected.TryRemove(queue, out _);
        else disconnected[queue] = clock.GetUtcNow();
        return Task.CompletedTask;
    }

    /// <summary>Not the bus's own queue, which is there only while somebody waits for an answer.</summary>
    private bool IsOurs(Uri queue) => queue.Segments[^1].StartsWith(service.Name + "-", StringComparison.Ordinal);
}

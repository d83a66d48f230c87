using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// The last resort against a queue that is left hanging: one that is not connected, of whose attempts to connect nothing is heard any more, and that although
/// the broker takes connections. Then the process ends, and whoever runs it starts it again. A queue that tries and fails says so every half minute and is
/// never meant: a broker that is away, or refuses, ends nobody.
/// </summary>
internal sealed class QueueWatch(
    IBus bus, BrokerAddress broker, MessagingService service, TimeProvider clock, IHostApplicationLifetime application, ILogger<QueueWatch> log)
    : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>Twice as long as the bus ever waits between two attempts.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<Uri, DateTimeOffset> disconnected = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bus.ConnectReceiveEndpointObserver(this);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Hanging() is not { } queue || !await Answers(stoppingToken)) continue;
            await Task.Delay(Interval, clock, stoppingToken);   // the broker may have come back this very moment
            if (Hanging() is null) continue;
            log.LogCritical("{Queue} is not connected and does not try any more, although the broker answers; the process ends, to be started again", queue);
            Environment.ExitCode = 1;
            application.StopApplication();
            return;
        }
    }

    /// <summary>A queue of which nothing has been heard for too long since it was disconnected.</summary>
    internal Uri? Hanging() => disconnected.Where(queue => clock.GetUtcNow() - queue.Value > Patience).Select(queue => queue.Key).FirstOrDefault();

    public Task Ready(ReceiveEndpointReady ready)
    {
        disconnected.TryRemove(ready.InputAddress, out _);
        return Task.CompletedTask;
    }

    public Task Completed(ReceiveEndpointCompleted completed) => Heard(completed.InputAddress);

    public Task Faulted(ReceiveEndpointFaulted faulted) => Heard(faulted.InputAddress);

    public Task Stopping(ReceiveEndpointStopping stopping)
    {
        disconnected.TryRemove(stopping.InputAddress, out _);
        return Task.CompletedTask;
    }

    private Task Heard(Uri queue)
    {
        disconnected[queue] = clock.GetUtcNow();
        return Task.CompletedTask;
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(BrokerAddress.AnswerTimeout);
        try
        {
            var line = await BrokerLine.Open(broker.Connections(service.Name + " watch"), log, deadline.Token);
            await line.Close();
            return true;
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)
        {
            log.LogDebug(ex, "The broker does not answer");
            return false;
        }
    }
}

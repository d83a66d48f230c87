using LeadCrm.ServiceDefaults.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Starts the bus when the gate opens, so that no consumer meets a table that is not there yet or a user not yet read. Nobody waits for it: a service
/// starts, and accepts writes, without the broker.
/// </summary>
internal sealed class BusLifetime(IBusDepot bus, StartGate gate, IOptions<MassTransitHostOptions> options, ILogger<BusLifetime> log) : BackgroundService
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the service's queues are there: what is sent before, its own consumers might miss.</summary>
    public Task Started => started.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Open.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await bus.Start(stoppingToken);
                started.TrySetResult();
                return;
            }
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The bus could not be started ({Reason}); trying again in a second", ex.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (Exception ex)
            {
                log.LogDebug(ex, "Stopped before the broker was there");
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.Value.StopTimeout is { } timeout) limit.CancelAfter(timeout);
        try
        {
            await bus.Stop(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("The bus did not stop in time; the process ends without it");   // a queue that hangs hears of no deadline
        }
        catch (Exception ex)
        {
            // MassTransit has no answer to a queue that is still being started when it is to stop. What was not acknowledged comes again.
            log.LogWarning(ex, "The bus did not stop in good order; the process ends without it");
        }
    }
}

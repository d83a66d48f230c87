using Microsoft.Extensions.Hosting;

namespace LeadCrm.ServiceDefaults.Memory;

/// <summary>
/// Gives memory back once the process has little to do. The collector keeps what a burst of work needed, for the next one; it looks at it again only when
/// enough is allocated, which without work takes hours. A dozen processes that share a small machine would hold the sum of their bursts.
/// </summary>
internal sealed class GiveBackWhenIdle(TimeProvider clock) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        var rest = new Rest(GC.GetTotalAllocatedBytes());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                switch (rest.Look(GC.GetTotalAllocatedBytes()))
                {
                    // Once for each time of rest: it takes some fifty milliseconds.
                    case MemoryCare.GiveBack:
                        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                        break;
                    // Of the youngest only, which takes little.
                    case MemoryCare.Collect:
                        GC.Collect(0);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }
}

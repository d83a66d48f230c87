using System.Collections.Concurrent;
using System.Diagnostics;

namespace LeadCrm.Chaos.Load;

/// <summary>
/// What is due at a constant rate, whatever becomes of what was due before. How long something took counts from when it was due: a server that stalls is seen to stall,
/// which clients hide that wait for an answer before they ask again.
/// </summary>
internal sealed class OpenLoop(double perSecond, Func<Task<bool>> work)
{
    private readonly ConcurrentBag<double> milliseconds = [];
    private int failed;

    public int Done => milliseconds.Count;

    /// <summary>How often the work said that it had not come out as it should.</summary>
    public int Failed => failed;

    /// <summary>Goes on for so long, or until it is enough, and until all that was due is done.</summary>
    public async Task Run(TimeSpan duration, CancellationToken enough)
    {
        var (clock, underWay) = (Stopwatch.StartNew(), new List<Task>());
        for (var i = 0; i < (int)(perSecond * duration.TotalSeconds) && !enough.IsCancellationRequested; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            if (due - clock.Elapsed is { Ticks: > 0 } wait) await Task.Delay(wait, enough).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            underWay.Add(Task.Run(async () =>
            {
                if (!await work()) Interlocked.Increment(ref failed);
                milliseconds.Add((clock.Elapsed - due).TotalMilliseconds);
            }, CancellationToken.None));
        }
        await Task.WhenAll(underWay);
    }

    /// <summary>Within how many milliseconds that share of it was done.</summary>
    public double Percentile(double share)
    {
        var sorted = milliseconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}

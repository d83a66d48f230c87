using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// The requests for conversions that are in this process, and when the next list of them goes. A list costs about the same for one and for twenty, so
/// with many in the house one list is under way at a time: what comes in meanwhile is the next. When few are, nobody waits for anybody.
/// </summary>
internal sealed class ConversionCrowd(IOptions<ConversionOptions> options)
{
    /// <summary>Fewer than this are no crowd.</summary>
    private const int Few = 3;

    /// <summary>How long those of the list before have to come back: who converts one lead after the other does so at once.</summary>
    private static readonly TimeSpan ComeBack = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int asking, going, lastList;

    /// <summary>A request comes in; it is in the house until it is disposed, the wait for its conversion's end included.</summary>
    public Guest Enter() => new(this);

    /// <summary>Returns when the next list may go.</summary>
    public async Task Turn()
    {
        var longest = options.Value.Gather;
        var since = Stopwatch.GetTimestamp();
        while (Under(() => going >= Few) is { } change && longest - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left) await Any(change, left);
        since = Stopwatch.GetTimestamp();
        while (Under(() => lastList >= Few && asking < lastList) is { } change && Min(ComeBack, longest) - Stopwatch.GetElapsedTime(since) is { Ticks: > 0 } left) await Any(change, left);
    }

    /// <summary>These go now, as one list.</summary>
    public void Go(IReadOnlyCollection<Guest> list)
    {
        foreach (var guest in list) guest.Becomes(State.Going);
        lock (gate) lastList = list.Count;
    }

    private Task? Under(Func<bool> condition)
    {
        lock (gate) return condition() ? changed.Task : null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static async Task Any(Task change, TimeSpan atMost)
    {
        try
        {
            await change.WaitAsync(atMost);
        }
        catch (TimeoutException)
        {
            // Then without.
        }
    }

    internal enum State { Here, Asking, Going, Left }

    /// <summary>One request.</summary>
    internal sealed class Guest(ConversionCrowd crowd) : IDisposable
    {
        private State state;

        /// <summary>It has a plan and asks for its turn.</summary>
        public void Asks() => Becomes(State.Asking);

        public void Dispose() => Becomes(State.Left);

        internal void Becomes(State next)
        {
            TaskCompletionSource told;
            lock (crowd.gate)
            {
                if (state == State.Left || state == next) return;   // who has gone away while it was asking does not go any more
                if (state == State.Asking) crowd.asking--;
                if (state == State.Going) crowd.going--;
                state = next;
                if (state == State.Asking) crowd.asking++;
                if (state == State.Going) crowd.going++;
                (told, crowd.changed) = (crowd.changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            told.SetResult();
        }
    }
}

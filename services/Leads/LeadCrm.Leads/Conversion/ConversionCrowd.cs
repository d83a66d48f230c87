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

    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int asking, crowds;
    private long comeBackUntil;   // those of a list that has ended are awaited until then,
    private int expected;         // or until this many ask

    /// <summary>A request comes in; it is in the house until it is disposed, the wait for its conversion's end included.</summary>
    public Guest Enter() => new(this);

    /// <summary>Returns when the next list may go.</summary>
    public async Task Turn()
    {
        var heldUntil = Stopwatch.GetTimestamp() + Ticks(options.Value.Gather);
        while (!MayGo(heldUntil, out var change)) await change;
    }

    /// <summary>These go now, as one list.</summary>
    public void Go(IReadOnlyCollection<Guest> guests)
    {
        lock (gate)
        {
            var list = new GoingList();
            foreach (var guest in guests) guest.Goes(list);
            list.Size = list.Members = guests.Count(guest => guest.List == list);
            if (list.IsCrowd) crowds++;
            Tell();
        }
    }

    /// <summary>Whether the next list may go, and if not: what to wait for before looking again.</summary>
    private bool MayGo(long heldUntil, out Task change)
    {
        lock (gate)
        {
            var until = crowds > 0 ? heldUntil : asking < expected ? comeBackUntil : 0;
            var left = until - Stopwatch.GetTimestamp();
            change = left <= 0 ? Task.CompletedTask : Either(changed.Task, TimeSpan.FromSeconds((double)left / Stopwatch.Frequency));
            return left <= 0;
        }
    }

    private void Tell()
    {
        var told = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    /// <summary>A member of the list has its answer. Who converts one lead after the other comes back at once.</summary>
    private void Ended(GoingList list)
    {
        if (list.Members == list.Size) list.AskingBefore = asking;
        if (--list.Members > 0 || !list.IsCrowd) return;
        crowds--;
        expected = list.AskingBefore + list.Size;
        comeBackUntil = Stopwatch.GetTimestamp() + Ticks(options.Value.ComeBack);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static async Task Either(Task change, TimeSpan atMost)
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

    /// <summary>Conversions that went together.</summary>
    internal sealed class GoingList
    {
        public int Size { get; set; }
        public bool IsCrowd => Size >= Few;
        public int Members { get; set; }
        public int AskingBefore { get; set; }
    }

    /// <summary>One request.</summary>
    internal sealed class Guest(ConversionCrowd crowd) : IDisposable
    {
        private bool asks, left;

        /// <summary>The list that it goes with, while it does.</summary>
        internal GoingList? List { get; private set; }

        /// <summary>It has a plan and asks for its turn.</summary>
        public void Asks()
        {
            lock (crowd.gate)
            {
                Stop();
                asks = true;
                crowd.asking++;
                crowd.Tell();
            }
        }

        public void Dispose()
        {
            lock (crowd.gate)
            {
                if (left) return;
                left = true;
                Stop();
                crowd.Tell();
            }
        }

        internal void Goes(GoingList list)
        {
            if (left) return;   // it has gone away while it was asking
            Stop();
            List = list;
        }

        private void Stop()
        {
            if (asks) crowd.asking--;
            asks = false;
            if (List is { } list) crowd.Ended(list);
            List = null;
        }
    }
}

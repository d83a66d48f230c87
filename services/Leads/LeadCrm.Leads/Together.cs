using System.Diagnostics;

namespace LeadCrm.Leads;

/// <summary>
/// Work that is cheaper for many at once. What comes in while it is being done, and in the few milliseconds in which more is to be expected, is
/// done together; when nobody else is there, nobody waits. Everyone gets an answer of their own.
/// </summary>
internal sealed class Together<TItem, TAnswer>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> work, TogetherOptions options)
{
    private readonly Lock gate = new();
    private readonly Queue<Waiting> waiting = new();
    private int running;
    private long lastCrowd;   // when more than one were done together the last time

    /// <summary>The answer to the item, done with whatever else is there.</summary>
    public Task<TAnswer> Do(TItem item)
    {
        var entry = new Waiting(item, Activity.Current, new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            waiting.Enqueue(entry);
            if (running >= options.AtOnce) return entry.Answer.Task;
            running++;
        }
        // Nothing of the request that happens to be the first goes along.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(Run);
        return entry.Answer.Task;
    }

    private async Task Run()
    {
        while (true)
        {
            if (options.Turn is { } turn) await turn();
            else if (Stopwatch.GetElapsedTime(Interlocked.Read(ref lastCrowd)) < options.CrowdLasts) await Task.Delay(options.Linger);
            List<Waiting> batch = [];
            lock (gate)
            {
                while (batch.Count < options.Most && waiting.TryDequeue(out var next)) batch.Add(next);
                if (batch.Count == 0)
                {
                    running--;
                    return;
                }
            }
            if (batch.Count > 1) Interlocked.Exchange(ref lastCrowd, Stopwatch.GetTimestamp());
            await Work(batch);
        }
    }

    private async Task Work(List<Waiting> batch)
    {
        // It goes on in the trace of the first; the others' traces point there.
        Activity.Current = batch[0].Activity;
        if (batch[0].Activity is { } first)
            foreach (var other in batch.Skip(1)) other.Activity?.AddLink(new ActivityLink(first.Context));
        try
        {
            var answers = await work(batch.ConvertAll(entry => entry.Item));
            for (var i = 0; i < batch.Count; i++) batch[i].Answer.SetResult(answers[i]);
        }
        catch (Exception) when (batch.Count > 1)
        {
            // Whose fault it was shows when each is done alone.
            foreach (var entry in batch) await Work([entry]);
        }
        catch (Exception ex)
        {
            batch[0].Answer.SetException(ex);
        }
    }

    private sealed record Waiting(TItem Item, Activity? Activity, TaskCompletionSource<TAnswer> Answer);
}

/// <summary>How much is done together.</summary>
internal sealed record TogetherOptions
{
    /// <summary>Items done together at most.</summary>
    public int Most { get; init; } = 100;

    /// <summary>Batches worked on at the same time.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>How long to wait for more when there was a crowd a moment ago.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>How long a crowd is remembered.</summary>
    public TimeSpan CrowdLasts { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the next batch may go, for those who know better than <see cref="Linger"/>.</summary>
    public Func<Task>? Turn { get; init; }
}

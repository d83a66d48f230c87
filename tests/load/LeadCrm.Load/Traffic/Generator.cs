using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace LeadCrm.Load.Traffic;

/// <summary>One request to send: its bytes, made when its turn comes, and what answer is right.</summary>
internal interface ITraffic
{
    /// <summary>The next request; may be called from several threads.</summary>
    byte[] Next();

    /// <summary>Whether an answer with this status is as it should be.</summary>
    bool IsRight(int status);
}

/// <summary>Sends requests: as many at once as told (how much can it do?), or so many a second (how long does one take?).</summary>
internal static class Generator
{
    /// <summary>Stands among the statuses for refusals that do not say when to come back, until they are summed up.</summary>
    private const int Unexplained = -1;

    /// <summary>A closed loop: the next request of each of <paramref name="concurrency"/> connections goes out when the one before is answered.</summary>
    public static async Task<Outcome> Closed(Uri server, ITraffic traffic, int concurrency, TimeSpan duration, int atMost = int.MaxValue)
    {
        var (latencies, errors) = (new ConcurrentBag<List<float>>(), new ConcurrentDictionary<int, int>());
        var (clock, sent) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            using var wire = new Wire(server);
            var mine = new List<float>();
            while (clock.Elapsed < duration && Interlocked.Increment(ref sent) <= atMost)
            {
                var began = Stopwatch.GetTimestamp();
                await Send(wire, traffic, errors);
                mine.Add((float)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            latencies.Add(mine);
        })));
        return Sum(latencies, errors, clock.Elapsed);
    }

    /// <summary>
    /// An open loop: requests are due at a constant rate whatever becomes of those before, and a latency counts from when its request was
    /// due. A server that stalls is seen to stall, which a closed loop hides. <paramref name="connections"/> bounds what is under way at once.
    /// </summary>
    public static async Task<Outcome> Open(Uri server, ITraffic traffic, double perSecond, TimeSpan duration, int connections = 256)
    {
        var (latencies, errors) = (new ConcurrentBag<List<float>>(), new ConcurrentDictionary<int, int>());
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var began = Stopwatch.GetTimestamp();
        var senders = Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var wire = new Wire(server);
            var mine = new List<float>();
            await foreach (var at in due.Reader.ReadAllAsync())
            {
                await Send(wire, traffic, errors);
                mine.Add((float)Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
            latencies.Add(mine);
        })).ToArray();

        var (interval, count) = (Stopwatch.Frequency / perSecond, (long)(perSecond * duration.TotalSeconds));
        for (long i = 0; i < count;)
        {
            var now = Stopwatch.GetTimestamp();
            for (; i < count && began + (long)(i * interval) <= now; i++) due.Writer.TryWrite(began + (long)(i * interval));
            if (i < count) await Task.Delay(1);
        }
        due.Writer.Complete();
        await Task.WhenAll(senders);
        return Sum(latencies, errors, Stopwatch.GetElapsedTime(began));
    }

    private static async Task Send(Wire wire, ITraffic traffic, ConcurrentDictionary<int, int> errors)
    {
        int status;
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            status = await wire.Send(traffic.Next(), null, deadline.Token);
        }
        catch (Exception ex) when (ex is IOException or SocketException or OperationCanceledException)
        {
            status = 0;
        }
        if (traffic.IsRight(status)) return;
        errors.AddOrUpdate(status, 1, (_, n) => n + 1);
        if (status is 429 or 503 && !wire.SaysWhenToRetry) errors.AddOrUpdate(Unexplained, 1, (_, n) => n + 1);
    }

    private static Outcome Sum(ConcurrentBag<List<float>> latencies, ConcurrentDictionary<int, int> errors, TimeSpan took)
    {
        var all = latencies.SelectMany(list => list).ToArray();
        Array.Sort(all);
        errors.TryRemove(Unexplained, out var unexplained);
        return new Outcome(all.Length, took.TotalSeconds, all, errors, unexplained);
    }
}

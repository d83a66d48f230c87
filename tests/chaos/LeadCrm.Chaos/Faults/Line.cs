using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace LeadCrm.Chaos.Faults;

/// <summary>How a network line behaves.</summary>
/// <param name="Delay">Each way, on the average.</param>
/// <param name="Jitter">By how much the delay differs, up and down.</param>
/// <param name="Loss">Share of the packets that are lost, 0 to 1.</param>
internal sealed record LineQuality(TimeSpan Delay, TimeSpan Jitter, double Loss = 0)
{
    /// <summary>As it is on one machine.</summary>
    public static readonly LineQuality Good = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>After this TCP sends again what was not acknowledged, on Linux at least; all that comes later waits for it.</summary>
    private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(200);

    /// <summary>How long what is sent now takes.</summary>
    public TimeSpan Take(Random random) =>
        Delay + (Jitter * ((2 * random.NextDouble()) - 1)) + (Loss > 0 && random.NextDouble() < Loss ? Retransmission + (2 * Delay) : TimeSpan.Zero);
}

/// <summary>
/// A line to one server through a port of its own: slow, lossy, frozen or cut, as it is told. Packets that are lost are those of a network, not of TCP: here they come late, as whoever uses a
/// connection sees it.
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly HashSet<Socket> open = [];
    private readonly int target;
    private readonly Task accepting;
    private volatile LineQuality quality = LineQuality.Good;
    private volatile TaskCompletionSource flowing = Flowing();

    public Line(int target)
    {
        this.target = target;
        listener.Start(512);
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public LineQuality Quality { set => quality = value; }

    /// <summary>Nothing gets through any more, and nobody is told: as when a cable is pulled.</summary>
    public void Freeze() => flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => flowing.TrySetResult();

    /// <summary>Resets every connection that is open.</summary>
    public int Cut()
    {
        Socket[] sockets;
        lock (open) sockets = [.. open];
        foreach (var socket in sockets) Reset(socket);
        return sockets.Length / 2;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        GoOn();
        listener.Stop();
        Cut();
        await accepting;
        closing.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptSocketAsync(closing.Token));
        }
        catch (Exception) when (closing.IsCancellationRequested)
        {
            // The line is closed.
        }
    }

    private async Task Serve(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (open)
        {
            open.Add(client);
            open.Add(server);
        }
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, closing.Token);
            await Task.WhenAll(Pump(client, server), Pump(server, client));
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone; so does the other.
        }
        finally
        {
            Reset(client);
            Reset(server);
            lock (open)
            {
                open.Remove(client);
                open.Remove(server);
            }
        }
    }

    /// <summary>One direction. What is read waits for its time; nothing overtakes what was sent before it.</summary>
    private async Task Pump(Socket from, Socket to)
    {
        var underWay = Channel.CreateBounded<(byte[] Bytes, DateTime Due)>(256);
        var random = new Random();
        var reading = Task.Run(async () =>
        {
            var (buffer, last) = (new byte[64 << 10], DateTime.MinValue);
            try
            {
                int read;
                while ((read = await from.ReceiveAsync(buffer, SocketFlags.None, closing.Token)) > 0)
                {
                    var due = DateTime.UtcNow + quality.Take(random);
                    last = due > last ? due : last;
                    await underWay.Writer.WriteAsync((buffer.AsSpan(0, read).ToArray(), last), closing.Token);
                }
                underWay.Writer.Complete();
            }
            catch (Exception ex) when (ex is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                underWay.Writer.TryComplete(ex);
            }
        });
        await foreach (var (bytes, due) in underWay.Reader.ReadAllAsync(closing.Token))
        {
            if (due - DateTime.UtcNow is { Ticks: > 0 } wait) await Task.Delay(wait, closing.Token);
            await flowing.Task.WaitAsync(closing.Token);
            for (var sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes.AsMemory(sent), SocketFlags.None, closing.Token);
        }
        to.Shutdown(SocketShutdown.Send);
        await reading;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.Close(0);   // with nothing to linger for, TCP resets
        }
        catch (SocketException)
        {
            // It was gone already.
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LeadCrm.Testing;

/// <summary>A TCP connection that can be cut and mended: what a service sees of a server that goes away and comes back.</summary>
public sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string host;
    private readonly int port;
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly CancellationTokenSource stop = new();
    private volatile bool cut;
    private int breakAt;
    private int breaks;
    private volatile TaskCompletionSource? frozen;
    private volatile TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A cable to a server; cut from the beginning if wanted.</summary>
    public Cable(string host, int port, bool cut = false)
    {
        (this.host, this.port, this.cut) = (host, port, cut);
        listener.Start();
        _ = Accept();
    }

    /// <summary>The near end.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends all connections and lets no new one through.</summary>
    public void Cut()
    {
        cut = true;
        connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (open.TryTake(out var client)) client.Dispose();
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => cut = false;

    /// <summary>Resets the next connections when the near end has spoken so many times, before its last words are heard.</summary>
    public void BreakNext(int connections, int afterWords)
    {
        breakAt = afterWords;
        Volatile.Write(ref breaks, connections);
    }

    /// <summary>Lets connections be and takes new ones, and nothing through: what a service sees of a server that hangs.</summary>
    public void Freeze() => frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets through again what is still connected.</summary>
    public void Thaw()
    {
        var ice = frozen;
        frozen = null;
        ice?.TrySetResult();
    }

    /// <summary>Completes when the next connection is through to the server.</summary>
    public Task Connected() => connected.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        stop.Cancel();
        Thaw();
        Cut();
        listener.Dispose();
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
        {
            TcpClient near;
            try { near = await listener.AcceptTcpClientAsync(stop.Token); }
            catch (Exception ex) when (ex is OperationCanceledException or SocketException or ObjectDisposedException) { return; }
            if (cut) near.Dispose();
            else _ = Carry(near);
        }
    }

    private async Task Carry(TcpClient near)
    {
        using var far = new TcpClient();
        open.Add(near);
        open.Add(far);
        try
        {
            await far.ConnectAsync(host, port);
            connected.TrySetResult();
            await Task.WhenAny(Copy(near.GetStream(), far.GetStream(), Interlocked.Decrement(ref breaks) >= 0 ? breakAt : 0), Copy(far.GetStream(), near.GetStream()));
        }
        catch (Exception ex) when (ex is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            near.Dispose();
        }
    }

    private async Task Copy(NetworkStream from, NetworkStream to, int breakAt = 0)
    {
        var buffer = new byte[81920];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            if (--breakAt == 0)
            {
                from.Socket.LingerState = new LingerOption(enable: true, seconds: 0);   // what is closed then is reset
                return;
            }
            if (frozen is { } ice) await ice.Task;
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}

using System.Net;
using System.Net.Sockets;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// The one address of a resource that runs in several copies, as Aspire's proxy or a service of Kubernetes is: each new connection goes to the
/// copy that can take it and has the fewest. Bytes are handed through as they are. A copy that dies takes its connections with it, so that
/// whoever waits on one hears of it at once; and while no copy runs, the address refuses connections as a dead service's does.
/// </summary>
internal sealed class LoadBalancer(string name, int port, Action<string> log) : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<Copy> _copies = [];
    private readonly HashSet<Relay> _relays = [];
    private Socket? _listener;
    private long _turn;
    private bool _stopped;

    /// <summary>Connections that are open at the moment, per copy in the order in which they were added.</summary>
    public IReadOnlyList<int> Open
    {
        get
        {
            lock (_lock)
            {
                return [.. _copies.Select(c => c.Open)];
            }
        }
    }

    /// <summary>Adds a copy that listens on a port of 127.0.0.1; how it is doing is asked at every connection.</summary>
    public void Add(int copysPort, Func<ProcessState> state)
    {
        lock (_lock)
        {
            _copies.Add(new Copy(new IPEndPoint(IPAddress.Loopback, copysPort), state));
        }
    }

    /// <summary>The state of a copy has changed: listens while one of them can be used, and only then.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            var wanted = !_stopped && _copies.Exists(c => c.IsUsable);
            if (wanted && _listener is null)
            {
                Listen();
            }
            else if (!wanted)
            {
                _listener?.Dispose();
                _listener = null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Relay[] open;
        lock (_lock)
        {
            _stopped = true;
            open = [.. _relays];
        }

        Refresh();
        foreach (var relay in open)
        {
            relay.Cut();
        }

        await Task.WhenAll(open.Select(r => r.Ended));
    }

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            log($"{name} cannot listen on port {port} ({e.Message}); tried again when one of its copies changes");
            return;
        }

        _listener = listener;
        _ = Task.Run(() => Accept(listener));
    }

    private async Task Accept(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;   // no copy is left
            }
            catch (SocketException e)
            {
                log($"{name} could not take a connection ({e.Message})");
                await Task.Delay(TimeSpan.FromMilliseconds(100));   // out of file handles, say: trying at once would only spin
                continue;
            }

            _ = Serve(client);
        }
    }

    private async Task Serve(Socket client)
    {
        foreach (var copy in InOrder())
        {
            if (await Connect(copy) is not { } server)
            {
                continue;
            }

            var relay = new Relay(client, server);
            if (Enter(relay, copy))
            {
                await relay.Run();
                Leave(relay, copy);
            }
            else
            {
                relay.Cut();
            }

            return;
        }

        client.Close(0);   // nobody is there after all: a reset
    }

    /// <summary>Those that are healthy come first, among them the one with the fewest connections, among those the one whose turn it is.</summary>
    private Copy[] InOrder()
    {
        lock (_lock)
        {
            Copy[] order = [.. _copies.Where(c => c.IsUsable).OrderBy(c => c.IsHealthy ? 0 : 1).ThenBy(c => c.Open).ThenBy(c => c.LastTurn)];
            if (order.Length > 0)
            {
                order[0].LastTurn = ++_turn;
            }

            return order;
        }
    }

    private static async Task<Socket?> Connect(Copy copy)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var patience = new CancellationTokenSource(ConnectPatience);
            await server.ConnectAsync(copy.Address, patience.Token);
            return server;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            server.Dispose();   // it has just died; the next one
            return null;
        }
    }

    private bool Enter(Relay relay, Copy copy)
    {
        lock (_lock)
        {
            if (!_stopped && _relays.Add(relay))
            {
                copy.Open++;
                return true;
            }

            return false;
        }
    }

    private void Leave(Relay relay, Copy copy)
    {
        lock (_lock)
        {
            _relays.Remove(relay);
            copy.Open--;
        }
    }

    private sealed class Copy(IPEndPoint address, Func<ProcessState> state)
    {
        public IPEndPoint Address => address;

        public int Open { get; set; }

        public long LastTurn { get; set; }

        public bool IsHealthy => state() == ProcessState.Healthy;

        /// <summary>Also one that does not do well: when all of them miss the database, each of them still says so better than nobody.</summary>
        public bool IsUsable => state() is ProcessState.Healthy or ProcessState.Unhealthy;
    }
}

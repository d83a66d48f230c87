using System.Net;
using System.Net.Sockets;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Picks a port per name: the one it had last time, otherwise the preferred one, otherwise the next free one in steps of 100
/// (so that a second instance's ports look like the first one's). A picked port is held until its process takes it over, so
/// two instances that start at the same moment do not pick the same.
/// </summary>
internal sealed class Ports : IDisposable
{
    private const string FileName = "ports.json";

    private readonly DataFolder _folder;
    private readonly SortedDictionary<string, int> _remembered;
    private readonly Dictionary<string, Socket> _held = [];
    private readonly Lock _lock = new();

    public Ports(DataFolder folder)
    {
        _folder = folder;
        _remembered = folder.Read<SortedDictionary<string, int>>(FileName);
    }

    public int Pick(string name, int preferred)
    {
        lock (_lock)
        {
            IEnumerable<int> candidates = Enumerable.Range(0, 300).Select(i => preferred + (100 * i)).Where(p => p < 32_000);
            if (_remembered.TryGetValue(name, out var last))
            {
                candidates = candidates.Prepend(last);
            }

            foreach (var port in candidates)
            {
                if (TryHold(port) is not { } socket)
                {
                    continue;
                }

                _held[name] = socket;
                if (last != port)
                {
                    _remembered[name] = port;
                    _folder.Write(FileName, _remembered);
                }

                return port;
            }

            throw new HostException($"No free port was found for {name} (tried {preferred}, {preferred + 100}, ...).");
        }
    }

    /// <summary>Lets the processes of those names have their ports.</summary>
    public void Release(params string[] names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                if (_held.Remove(name, out var socket))
                {
                    socket.Dispose();
                }
            }
        }
    }

    public void Dispose()
    {
        Release([.. _held.Keys]);
    }

    private static Socket? TryHold(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);   // without listening another process could bind the same port (SO_REUSEADDR)
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}

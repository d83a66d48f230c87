using System.Net;
using System.Net.Sockets;

namespace LeadCrm.AppHost.Embedded;

/// <summary>
/// Picks a port per name: the one it had last time, otherwise the preferred one, otherwise the next free one in steps of 100
/// (so that a second instance's ports look like the first one's). A picked port is held until its process takes it over, and
/// claimed in a file that all instances on this machine know until its host ends: between the hand-over and the moment in which the process
/// listens, or while a crashed one is started again, another instance would find the port free, and take the other's answers for its own.
/// </summary>
internal sealed class Ports : IDisposable
{
    private const string FileName = "ports.json";

    private readonly DataFolder _folder;
    private readonly SortedDictionary<string, int> _remembered;
    private readonly Dictionary<string, Socket> _held = [];
    private readonly List<FileStream> _claims = [];
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
                if (TryClaim(port) is not { } claim)
                {
                    continue;
                }

                if (TryHold(port) is not { } socket)
                {
                    claim.Dispose();
                    continue;
                }

                _claims.Add(claim);
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
        lock (_lock)
        {
            _claims.ForEach(claim => claim.Dispose());
            _claims.Clear();
        }
    }

    /// <summary>The lock on the port's file, which ends with this process however it ends; null when another instance has it.</summary>
    private static FileStream? TryClaim(int port)
    {
        const UnixFileMode everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var folder = Path.Combine(Path.GetTempPath(), "leadcrm-ports");
        var file = Path.Combine(folder, $"{port}");
        try
        {
            // The umask would keep instances of other users out; only who made them can mend that.
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                File.SetUnixFileMode(folder, everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
            }

            // Not OpenOrCreate: the kernel refuses that for other users' files in such a folder (fs.protected_regular).
            if (File.Exists(file))
            {
                return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }

            var claim = new FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            File.SetUnixFileMode(file, everybody);
            return claim;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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

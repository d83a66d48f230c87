using System.Net.Sockets;

namespace LeadCrm.Chaos.Faults;

/// <summary>
/// Keeps a server away: it is killed, and what its host starts in its place is stopped before it opens its port. Whoever wants to connect is refused, as by a server that is not
/// there. When it is over that one is killed as well, and the next one may start.
/// </summary>
internal sealed class Absence(DisturbedSystem system, string process, int port) : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private const int Attempts = 10;
    private int held;
    private IReadOnlyList<int> frozen = [];

    /// <summary>Returns once the port refuses connections and nobody is left who would open it.</summary>
    public async Task Begin(CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await Replace(ct);
            if (!await Answers()) return;
            Signals.GoOn(frozen);   // it was faster; the next one may be caught in time
        }
        throw new InvalidOperationException($"{process} was faster than its absence, {Attempts} times.");
    }

    /// <summary>Kills it and freezes what its host starts instead.</summary>
    private async Task Replace(CancellationToken ct)
    {
        int before;
        for (; ; await Task.Delay(10, ct))
        {
            if (system.Processes()[process] is not { } there) continue;
            before = there;
            break;
        }
        Signals.EndTree(before);
        for (var until = DateTime.UtcNow + LongestStart; ; await Task.Delay(5, ct))
        {
            if (system.Processes()[process] is { } now && now != before)
            {
                (held, frozen) = (now, Signals.Freeze(now));
                return;
            }
            if (DateTime.UtcNow > until) throw new TimeoutException($"{process} was not started again.");
        }
    }

    /// <summary>Lets it come back.</summary>
    public void End()
    {
        if (held == 0) return;
        Signals.EndTree(held);
        held = 0;
    }

    public void Dispose() => End();

    private async Task<bool> Answers()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

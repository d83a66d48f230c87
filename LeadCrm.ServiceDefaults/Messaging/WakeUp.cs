using System.Threading.Channels;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Wakes one waiting loop; pokes while it is awake count once.</summary>
internal sealed class WakeUp
{
    private readonly Channel<bool> pokes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Poke() => pokes.Writer.TryWrite(true);

    /// <summary>Returns at the next poke, or when the time is up.</summary>
    public async Task Wait(TimeSpan atMost, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(atMost);
        try
        {
            await pokes.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nothing came in time.
        }
    }
}

using System.Runtime.InteropServices;

namespace LeadCrm.AppHost.Embedded;

/// <summary>When the host is to stop: by Ctrl-C, by a signal, or with its standard input, should that belong to whoever started it.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _signals;
    private int _asked;

    private StopSignals(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled when the host is to stop.</summary>
    public CancellationToken Token => _stop.Token;

    public static StopSignals Listen(bool withStandardInput, CancellationToken ct)
    {
        var signals = new StopSignals(ct);
        if (withStandardInput)
        {
            _ = Task.Run(signals.WaitForEndOfInput, CancellationToken.None);
        }

        return signals;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        var asked = Interlocked.Increment(ref _asked);
        if (asked == 1)
        {
            _stop.Cancel();
        }
        else if (asked == 3)
        {
            Environment.Exit(130);   // whoever presses Ctrl-C three times means it; the next start tidies up
        }
    }

    private async Task WaitForEndOfInput()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (await input.ReadAsync(buffer) > 0)
        {
        }

        await _stop.CancelAsync();
    }
}

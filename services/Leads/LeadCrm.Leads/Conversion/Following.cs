using System.Runtime.CompilerServices;

namespace LeadCrm.Leads.Conversion;

/// <summary>Waits for operations, whichever replica carries them out.</summary>
internal sealed class Following(ConversionNews news, TimeProvider clock)
{
    /// <summary>Hears from now on what happens to the operation.</summary>
    public ConversionNews.Listener Listen(Guid operationId) => news.Listen(operationId);

    /// <summary>The operation once it is over, or as it is when the time is up.</summary>
    /// <param name="operation">The operation as it is now.</param>
    /// <param name="look">Reads it anew.</param>
    /// <param name="isOver">Whether a state of its saga is an end.</param>
    /// <param name="listener">Has listened since before <paramref name="operation"/> was read.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<T> UntilOver<T>(
        T operation, Func<CancellationToken, Task<T?>> look, Func<string, bool> isOver, ConversionNews.Listener listener, TimeSpan atMost, CancellationToken ct)
        where T : class, IOperationAnswer
    {
        var until = clock.GetUtcNow() + atMost;
        while (!operation.IsOver && until - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            var state = await listener.NextState(left, ct);
            if (state is null || isOver(state)) operation = (await look(ct))!;
        }
        return operation;
    }

    /// <summary>The operation now and after each change, until it is over.</summary>
    public async IAsyncEnumerable<T> Changes<T>(Guid operationId, Func<CancellationToken, Task<T?>> look, [EnumeratorCancellation] CancellationToken ct)
        where T : class, IOperationAnswer
    {
        using var listener = news.Listen(operationId);
        T? told = null;
        while (told is not { IsOver: true } && await look(ct) is { } operation)
        {
            if (operation.Stage != told?.Stage) yield return told = operation;
            if (!told.IsOver) await listener.NextState(Timeout.InfiniteTimeSpan, ct);
        }
    }
}

/// <summary>What an operation's URL answers, as far as waiting for it goes.</summary>
internal interface IOperationAnswer
{
    /// <summary>True once nothing more will happen.</summary>
    bool IsOver { get; }

    /// <summary>How far it is.</summary>
    string Stage { get; }
}

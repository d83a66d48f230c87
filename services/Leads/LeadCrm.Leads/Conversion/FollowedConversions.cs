using System.Runtime.CompilerServices;
using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>Reads conversions, and waits for them, whichever replica carries them out.</summary>
internal sealed class FollowedConversions(LeadsDb db, ConversionNews news, TimeProvider clock)
{
    /// <summary>The conversion as it is now; null when there is none.</summary>
    public async Task<ConversionResponse?> Find(Guid conversionId, CancellationToken ct) =>
        await db.Set<ConversionState>().AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == conversionId, ct) is { } conversion
            ? ConversionResponse.Of(conversion)
            : null;

    /// <summary>Hears from now on what happens to the conversion.</summary>
    public ConversionNews.Listener Listen(Guid conversionId) => news.Listen(conversionId);

    /// <summary>The conversion once it is over, or as it is when the time is up.</summary>
    public async Task<ConversionResponse> UntilOver(
        ConversionResponse conversion, ConversionNews.Listener listener, TimeSpan atMost, CancellationToken ct)
    {
        var until = clock.GetUtcNow() + atMost;
        while (!conversion.IsOver && until - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            var state = await listener.NextState(left, ct);
            if (state is null || ConversionPhases.IsOver(state))
                conversion = state is not null && listener.Conversion is { } committed ? ConversionResponse.Of(committed) : (await Find(conversion.ConversionId, ct))!;
        }
        return conversion;
    }

    /// <summary>The conversion now and after each change, until it is over.</summary>
    public async IAsyncEnumerable<ConversionResponse> Changes(Guid conversionId, [EnumeratorCancellation] CancellationToken ct)
    {
        using var listener = news.Listen(conversionId);
        ConversionResponse? told = null;
        while (told is not { IsOver: true } && await Find(conversionId, ct) is { } conversion)
        {
            if (conversion.State != told?.State) yield return told = conversion;
            if (!told.IsOver) await listener.NextState(Timeout.InfiniteTimeSpan, ct);
        }
    }
}

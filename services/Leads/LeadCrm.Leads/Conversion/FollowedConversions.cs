using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>Reads conversions, and waits for them, whichever replica carries them out.</summary>
internal sealed class FollowedConversions(LeadsDb db, Following following)
{
    /// <summary>The conversion as it is now; null when there is none.</summary>
    public async Task<ConversionResponse?> Find(Guid conversionId, CancellationToken ct) =>
        await db.Set<ConversionState>().AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == conversionId, ct) is { } conversion
            ? ConversionResponse.Of(conversion)
            : null;

    /// <summary>Hears from now on what happens to the conversion.</summary>
    public ConversionNews.Listener Listen(Guid conversionId) => following.Listen(conversionId);

    /// <summary>The conversion once it is over, or as it is when the time is up.</summary>
    public Task<ConversionResponse> UntilOver(ConversionResponse conversion, ConversionNews.Listener listener, TimeSpan atMost, CancellationToken ct) =>
        following.UntilOver(conversion, async token => listener.Conversion is { } committed ? ConversionResponse.Of(committed) : await Find(conversion.ConversionId, token),
            ConversionPhases.IsOver, listener, atMost, ct);

    /// <summary>The conversion now and after each change, until it is over.</summary>
    public IAsyncEnumerable<ConversionResponse> Changes(Guid conversionId, CancellationToken ct) =>
        following.Changes(conversionId, token => Find(conversionId, token), ct);
}

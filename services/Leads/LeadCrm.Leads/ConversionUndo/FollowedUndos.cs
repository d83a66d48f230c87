using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>Reads undos, and waits for them, whichever replica carries them out.</summary>
internal sealed class FollowedUndos(LeadsDb db, Following following)
{
    /// <summary>The undo as it is now; null when there is none.</summary>
    public async Task<UndoResponse?> Find(Guid undoId, CancellationToken ct) =>
        await db.Set<UndoState>().AsNoTracking().SingleOrDefaultAsync(undo => undo.CorrelationId == undoId, ct) is { } undo ? UndoResponse.Of(undo) : null;

    /// <summary>The undos of each of these conversions, the newest first.</summary>
    public async Task<ILookup<Guid, UndoResponse>> Of(Guid[] conversionIds, CancellationToken ct) =>
        (await db.Set<UndoState>().AsNoTracking().Where(undo => conversionIds.Contains(undo.ConversionId)).OrderByDescending(undo => undo.CorrelationId).ToListAsync(ct))
        .ToLookup(undo => undo.ConversionId, UndoResponse.Of);

    /// <summary>Hears from now on what happens to the undo.</summary>
    public ConversionNews.Listener Listen(Guid undoId) => following.Listen(undoId);

    /// <summary>The undo once it is over, or as it is when the time is up.</summary>
    public Task<UndoResponse> UntilOver(UndoResponse undo, ConversionNews.Listener listener, TimeSpan atMost, CancellationToken ct) =>
        following.UntilOver(undo, token => Find(undo.UndoId, token), UndoPhases.IsOver, listener, atMost, ct);

    /// <summary>The undo now and after each change, until it is over.</summary>
    public IAsyncEnumerable<UndoResponse> Changes(Guid undoId, CancellationToken ct) => following.Changes(undoId, token => Find(undoId, token), ct);
}

using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// The mapping, read at most every few seconds: it hardly ever changes, and every conversion asks for it. Another replica's edit is seen after
/// that time.
/// </summary>
internal sealed class MappingCache(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private Entry? entry;

    public async ValueTask<MappingTable> Get(LeadsDb db, CancellationToken ct)
    {
        var known = entry;
        if (known is not null && clock.GetUtcNow() - known.ReadAt < Lifetime) return known.Table;

        var readAt = clock.GetUtcNow();
        var settings = await db.Set<MappingSettings>().AsNoTracking().SingleAsync(ct);
        var table = settings.ToTable(FieldCatalog.Standard);
        entry = new Entry(table, readAt);
        return table;
    }

    /// <summary>Call after a change was committed.</summary>
    public void Forget() => entry = null;

    private sealed record Entry(MappingTable Table, DateTimeOffset ReadAt);
}

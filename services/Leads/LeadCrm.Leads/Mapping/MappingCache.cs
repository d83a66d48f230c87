using LeadCrm.Leads.Data;
using LeadCrm.Leads.KnownFields;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// The mapping, read at most every few seconds: it hardly ever changes, and every conversion asks for it. A change of it, or of a field that it may
/// speak of, is told to all replicas (<see cref="News"/>); the time is for the news that got lost. Fields of leads are known to their own cache.
/// </summary>
internal sealed class MappingCache(CustomFieldCache leadFields, TimeProvider clock)
{
    /// <summary>The channel of <see cref="DatabaseNews"/> on which changes are told.</summary>
    public const string News = "conversion_mapping_changed";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private Entry? entry;
    private long changes;

    public async ValueTask<MappingTable> Get(LeadsDb db, CancellationToken ct)
    {
        var (known, ofLeads) = (entry, leadFields.Of("lead"));
        if (known is not null && known.OfLeads == ofLeads && clock.GetUtcNow() - known.ReadAt < Lifetime) return known.Table;

        var (readAt, before) = (clock.GetUtcNow(), Interlocked.Read(ref changes));
        var settings = await db.Set<MappingSettings>().AsNoTracking().SingleAsync(ct);
        var table = settings.ToTable(FieldCatalog.With(ofLeads.States, await db.InUse().ToListAsync(ct)));
        if (before == Interlocked.Read(ref changes)) entry = new Entry(table, ofLeads, readAt);   // else it may be from before a change: good for this request only
        return table;
    }

    public void Forget()
    {
        Interlocked.Increment(ref changes);
        entry = null;
    }

    private sealed record Entry(MappingTable Table, CustomFieldSet OfLeads, DateTimeOffset ReadAt);
}

using LeadCrm.Activities.Conversion;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Merges;
using LeadCrm.Activities.Touches;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Items;

/// <summary>How the actions get at an item and save it: the row, its history, its records' last touch and their events in one commit.</summary>
internal sealed class ItemAccess(ActivitiesDb db, Viewer viewer, RecordTouches touches, FollowMerges merges)
{
    internal static Guid? ActorId => Actor.Current.IsSystem ? null : Actor.Current.UserId;

    /// <summary>The item for reading; null when there is none or the user does not see it.</summary>
    internal Task<T?> Find<T>(Guid id, CancellationToken ct) where T : Item =>
        viewer.Visible(db.Set<T>().AsNoTracking()).Include(item => item.Links).FirstOrDefaultAsync(item => item.Id == id, ct);

    /// <summary>Whether there is such an item that the user sees, in the recycle bin too.</summary>
    internal Task<bool> Exists<T>(Guid id, CancellationToken ct) where T : Item =>
        viewer.Visible(db.Set<T>().AsNoTracking().IgnoreQueryFilters([PlatformModel.RecycleBin])).AnyAsync(item => item.Id == id, ct);

    /// <summary>The item for a change; null as above. Seen but not to be edited: 403. Another version: 412.</summary>
    internal Task<T?> FindForEdit<T>(Guid id, long expectedVersion, CancellationToken ct) where T : Item => ForEdit(db.Set<T>(), id, expectedVersion, ct);

    /// <summary>The same for an item that may be in the recycle bin.</summary>
    internal Task<T?> FindDeletedToo<T>(Guid id, CancellationToken ct) where T : Item =>
        ForEdit(db.Set<T>().IgnoreQueryFilters([PlatformModel.RecycleBin]), id, null, ct);

    internal void Add(Item item) => db.Add(item);

    /// <summary>The refusal of a change to what the user only sees.</summary>
    internal static DomainRuleException NotEditable() =>
        new("forbidden", "You may see this but not change it: it belongs to somebody else and hangs on no record that you may edit.", 403);

    /// <summary>Saves a new or changed item. <paramref name="before"/> are the records it hung on until now.</summary>
    internal Task Save(Item item, IReadOnlyCollection<RecordRef> before, CancellationToken ct) => Save([(item, before)], ct);

    /// <summary>Saves several of them, as many statements as for one.</summary>
    internal async Task Save(IReadOnlyCollection<(Item Item, IReadOnlyCollection<RecordRef> Before)> changes, CancellationToken ct)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;

        // From here on a conversion or deletion of one of the records waits until this is saved, or this waits until that is through.
        var records = changes.SelectMany(change => change.Before.Concat(change.Item.Links.Select(link => link.Record))).Distinct().ToList();
        await touches.Lock(records, ct);
        await RefuseDeleted(changes, ct);
        records.AddRange(await FollowConversions([.. changes.Select(change => change.Item)], ct));

        await db.SaveChangesAsync(ct);
        if (changes.Any(change => change.Item is Activities.Activity))
        {
            await touches.Refresh(records, ct);
            await db.SaveChangesAsync(ct);
        }
        if (own is not null) await own.CommitAsync(ct);
    }

    private async Task<T?> ForEdit<T>(IQueryable<T> items, Guid id, long? expectedVersion, CancellationToken ct) where T : Item
    {
        var item = await viewer.Visible(items).Include(i => i.Links).FirstOrDefaultAsync(i => i.Id == id, ct);
        if (item is null) return null;
        if (!await viewer.MayEdit(item, ct))
            throw NotEditable();
        if (expectedVersion is { } expected) Versions.Check(expected, item.Version);
        return item;
    }

    /// <summary>A record that was deleted between the check and the lock takes nothing new, nor does one that an undo is about to remove.</summary>
    private async Task RefuseDeleted(IReadOnlyCollection<(Item Item, IReadOnlyCollection<RecordRef> Before)> changes, CancellationToken ct)
    {
        var added = changes.SelectMany(change => change.Item.Links.Select(link => link.Record).Except(change.Before)).ToHashSet();
        if (added.Count == 0) return;
        var ids = added.Select(record => record.Id).ToArray();
        var deleted = await db.Records.AsNoTracking().Where(row => ids.Contains(row.RecordId) && row.IsDeleted).ToListAsync(ct);
        if (deleted.Exists(row => added.Contains(new RecordRef(row.RecordType, row.RecordId))))
            throw new InvalidFieldsException(new Dictionary<string, string[]> { ["related"] = ["One of the records has just been deleted."] });
        var held = await db.HeldRecords.AsNoTracking().Where(row => ids.Contains(row.RecordId)).ToListAsync(ct);
        if (held.Find(row => added.Contains(new RecordRef(row.RecordType, row.RecordId))) is { } one)
            throw new DomainRuleException("provisional", $"The conversion that made this {one.RecordType} is just being undone. Try again when that is done.").With("undoId", one.UndoId);
    }

    /// <summary>What is put on a lead that was converted belongs to what it became, too (C15).</summary>
    private async Task<IReadOnlyCollection<RecordRef>> FollowConversions(IReadOnlyCollection<Item> items, CancellationToken ct)
    {
        var byLead = items.SelectMany(item => item.Links.Where(link => link.RecordType == RecordTypes.Lead).Select(link => (Lead: link.RecordId, Item: item))).ToLookup(on => on.Lead, on => on.Item);
        if (byLead.Count == 0) return [];
        var leads = byLead.Select(lead => lead.Key).ToArray();
        var conversions = await db.Conversions.AsNoTracking().Where(c => leads.Contains(c.LeadId) && c.UndoneAt == null).ToListAsync(ct);
        var now = await merges.Now([.. conversions.SelectMany(conversion => conversion.Became).Distinct()], ct);
        HashSet<RecordRef> added = [];
        foreach (var conversion in conversions)
            foreach (var item in byLead[conversion.LeadId])
            {
                var became = conversion.Became.Select(record => now[record]).Except(item.Links.Select(link => link.Record)).ToList();
                item.CarryOver(became, conversion.ConversionId, item.UpdatedAt);
                added.UnionWith(became);
            }
        await touches.Lock(added, ct);
        return added;
    }
}

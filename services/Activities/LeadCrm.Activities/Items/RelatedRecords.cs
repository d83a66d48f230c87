using LeadCrm.Activities.Data;
using LeadCrm.Activities.Records;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Items;

/// <summary>A record that an item hangs on, as it is shown.</summary>
/// <param name="Type"><c>lead</c>, <c>account</c>, <c>contact</c>, <c>opportunity</c> or <c>campaign</c>.</param>
/// <param name="Id">The record's id.</param>
/// <param name="Name">What it is called; null when the caller does not see it.</param>
internal sealed record RelatedRecord(string Type, Guid Id, string? Name);

/// <summary>Checks the records that an item is to hang on, and names those that it hangs on.</summary>
internal sealed class RelatedRecords(ActivitiesDb db, Viewer viewer, RecordsClient owners, IDirectory directory)
{
    private readonly HashSet<RecordRef> known = [];

    /// <summary>Looks up in one query what many checks will ask about.</summary>
    internal async Task Foresee(IReadOnlyCollection<RecordRef> wanted, CancellationToken ct)
    {
        known.Clear();
        var ids = wanted.Select(record => record.Id).Distinct().ToArray();
        if (ids.Length > 0) known.UnionWith(await viewer.Records().Where(row => ids.Contains(row.RecordId)).Select(row => new RecordRef(row.RecordType, row.RecordId)).ToListAsync(ct));
    }

    /// <summary>Notes an error for each record that is not there or not seen. Those that the item hangs on already are not asked about.</summary>
    internal async Task Check(IReadOnlyCollection<RecordRef> wanted, IReadOnlyCollection<RecordRef> before, FieldErrors errors, CancellationToken ct)
    {
        foreach (var unknown in wanted.Where(record => !RecordTypes.All.Contains(record.Type)))
            errors.Add("related", $"'{unknown.Type}' is no type of record. Types: {string.Join(", ", RecordTypes.All)}.");
        var added = wanted.Except(before).Except(known).Where(record => RecordTypes.All.Contains(record.Type)).Take(50).ToList();
        if (added.Count == 0) return;

        var ids = added.Select(record => record.Id).ToArray();
        var seen = await viewer.Records().Where(row => ids.Contains(row.RecordId)).Select(row => new RecordRef(row.RecordType, row.RecordId)).ToListAsync(ct);
        foreach (var record in added.Except(seen))
            if (!await IsJustTooNew(record, ct)) errors.Add("related", $"There is no such {record.Type}: {record.Id}.");
    }

    /// <summary>What is shown of an item's records.</summary>
    internal async Task<IReadOnlyList<RelatedRecord>> Describe(Item item, CancellationToken ct) =>
        Named(Shown(item.Links), await Names([.. item.Links.Select(link => link.RecordId)], ct));

    /// <summary>One that was merged is shown as what it became.</summary>
    private static RecordRef[] Shown(IEnumerable<ItemLink> links)
    {
        var all = links.ToList();
        var merged = all.Where(link => link.MergedFrom is not null).Select(link => new RecordRef(link.RecordType, link.MergedFrom!.Value)).ToHashSet();
        return [.. all.Select(link => link.Record).Where(record => !merged.Contains(record))];
    }

    /// <summary>The same for a page of items, in two queries.</summary>
    internal async Task<IReadOnlyDictionary<Guid, IReadOnlyList<RelatedRecord>>> Describe(IReadOnlyCollection<Guid> items, CancellationToken ct)
    {
        var links = (await db.Links.AsNoTracking().Where(link => items.Contains(link.ItemId)).ToListAsync(ct)).ToLookup(link => link.ItemId);
        var names = await Names([.. links.SelectMany(records => records).Select(record => record.RecordId).Distinct()], ct);
        return items.ToDictionary(id => id, id => Named(Shown(links[id]), names));
    }

    /// <summary>A user who may be given something to do.</summary>
    internal void RequireActiveUser(Guid id, string field, FieldErrors errors)
    {
        if (directory.FindUser(id) is not { IsActive: true }) errors.Add(field, "Must be an active user.");
    }

    /// <summary>The name of a user, when known here.</summary>
    internal string? NameOf(Guid? user) => user is { } id ? directory.FindUser(id)?.Name : null;

    /// <summary>A record of which no event has told yet may have been made a moment ago: its own service knows.</summary>
    private async Task<bool> IsJustTooNew(RecordRef record, CancellationToken ct)
    {
        if (await db.Records.AsNoTracking().AnyAsync(row => row.RecordType == record.Type && row.RecordId == record.Id, ct)) return false;
        return await owners.Learn(record, ct);
    }

    private async Task<Dictionary<RecordRef, string>> Names(Guid[] ids, CancellationToken ct) => ids.Length == 0 ? [] : await viewer.Records().AsNoTracking()
        .Where(row => ids.Contains(row.RecordId)).ToDictionaryAsync(row => new RecordRef(row.RecordType, row.RecordId), row => row.Name, ct);

    private static IReadOnlyList<RelatedRecord> Named(IEnumerable<RecordRef> records, Dictionary<RecordRef, string> names) =>
        [.. records.Order().Select(record => new RelatedRecord(record.Type, record.Id, names.GetValueOrDefault(record)))];
}

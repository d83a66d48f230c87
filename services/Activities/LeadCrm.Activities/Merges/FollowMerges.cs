using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Touches;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Merges;

/// <summary>
/// What hangs on a record that became another one hangs on that one, too, as the same item (AC4); so do those who follow it. The links to the merged record
/// stay: an undo takes away what was added. Worked out anew from all merges that are known, so that the order of events does not matter.
/// </summary>
internal sealed class FollowMerges(ActivitiesDb db, RecordTouches touches, TimeProvider clock)
{
    // Own links only: what a merge put on a record that was merged itself comes from where it hangs by itself.
    private const string Link = """
        insert into item_links (item_id, record_type, record_id, kind, moment, open_until, linked_at, merged_from)
        select l.item_id, $1, m.target, l.kind, l.moment, l.open_until, $4, m.id
        from unnest($2::uuid[], $3::uuid[]) as m(id, target) join item_links l on l.record_type = $1 and l.record_id = m.id and l.merged_from is null
        on conflict do nothing
        """;

    private const string Unlink = """
        delete from item_links l using unnest($2::uuid[], $3::uuid[]) as m(id, target)
        where l.record_type = $1 and l.merged_from = m.id and l.record_id <> m.target
        """;

    private const string FollowToo = """
        insert into follows (user_id, record_type, record_id, since, merged_from)
        select f.user_id, $1, m.target, $4, m.id
        from unnest($2::uuid[], $3::uuid[]) as m(id, target) join follows f on f.record_type = $1 and f.record_id = m.id and f.merged_from is null
        on conflict do nothing
        """;

    private const string Unfollow = """
        delete from follows f using unnest($2::uuid[], $3::uuid[]) as m(id, target)
        where f.record_type = $1 and f.merged_from = m.id and f.record_id <> m.target
        """;

    // A new version for each, so that an edit begun before neither takes the new links away nor brings old ones back.
    private const string Raise = """
        update items a set version = a.version + 1
        where a.id in (select l.item_id from item_links l where l.record_type = $1 and l.record_id = any($2::uuid[]))
        """;

    private const string Around = """
        with recursive around as (
            select unnest($2::uuid[]) as id
            union
            select n.id from around a join merged_records m on m.record_type = $1 and m.into_id is not null and (m.record_id = a.id or m.into_id = a.id)
            cross join lateral (values (m.record_id), (m.into_id)) as n(id)
        )
        select m.record_id, m.into_id from merged_records m join around a on a.id = m.record_id where m.record_type = $1 and m.into_id is not null
        """;

    /// <summary>Takes over what an event says of a record. Call where a merge is told before, where its undo is told after the record's own state was taken over.</summary>
    public async Task Note(RecordRef record, long version, Guid? intoId, CancellationToken ct)
    {
        var known = await db.Set<MergedRecord>().AsNoTracking().FirstOrDefaultAsync(r => r.RecordType == record.Type && r.RecordId == record.Id, ct);
        if (known is null ? intoId is null : known.Version >= version) return;   // of most records there is never anything to say
        await db.Execute("""
            insert into merged_records (record_type, record_id, version, into_id) values ($1, $2, $3, $4)
            on conflict (record_type, record_id) do update set version = excluded.version, into_id = excluded.into_id where merged_records.version < excluded.version
            """, ct, record.Type, record.Id, version, intoId);
        if (known?.IntoId == intoId) return;
        // One after the other: of two links of a chain that are told at the same moment, the second one sees the first.
        await db.Execute("select pg_advisory_xact_lock($1)", ct, 0x4C656164_4D657267);

        var merged = await MergedInto(record.Type, [record.Id, .. known?.IntoId is { } before ? [before] : Array.Empty<Guid>()], ct);
        // One that is merged no longer leads to itself: what it left elsewhere is taken away there.
        Guid[] ids = [.. merged.Keys.Append(record.Id).Distinct().Order()];
        Guid[] targets = [.. ids.Select(id => Resolve(merged, id))];
        Guid[] all = [.. ids.Concat(targets).Concat(known?.IntoId is { } had ? [had, Resolve(merged, had)] : []).Distinct()];
        RecordRef[] records = [.. all.Select(id => new RecordRef(record.Type, id)).Order()];
        await touches.Lock(records, ct);

        var at = clock.GetUtcNow();
        await db.Execute(Unlink, ct, record.Type, ids, targets);
        await db.Execute(Unfollow, ct, record.Type, ids, targets);
        var moving = ids.Zip(targets).Where(pair => pair.First != pair.Second).ToList();
        Guid[] from = [.. moving.Select(pair => pair.First)], to = [.. moving.Select(pair => pair.Second)];
        await db.Execute(Link, ct, record.Type, from, to, at);
        await db.Execute(FollowToo, ct, record.Type, from, to, at);
        await db.Execute(Raise, ct, record.Type, all);
        await touches.Refresh(records, ct);
    }

    /// <summary>
    /// Something was put on these records by a conversion, of which one may hear after a record has become another one: it hangs on that one, too. Call with the
    /// records locked, so that a merge that is just being told of comes after this.
    /// </summary>
    public async Task Again(IReadOnlyCollection<RecordRef> records, CancellationToken ct)
    {
        foreach (var moved in (await Now(records, ct)).Where(pair => pair.Key != pair.Value).GroupBy(pair => pair.Key.Type))
        {
            RecordRef[] survivors = [.. moved.Select(pair => pair.Value).Distinct().Order()];
            await touches.Lock(survivors, ct);
            var at = clock.GetUtcNow();
            Guid[] from = [.. moved.Select(pair => pair.Key.Id)], to = [.. moved.Select(pair => pair.Value.Id)];
            await db.Execute(Link, ct, moved.Key, from, to, at);
            await db.Execute(FollowToo, ct, moved.Key, from, to, at);
            await touches.Refresh(survivors, ct);
        }
    }

    /// <summary>What each of the records is now, after all merges.</summary>
    public async Task<IReadOnlyDictionary<RecordRef, RecordRef>> Now(IReadOnlyCollection<RecordRef> records, CancellationToken ct)
    {
        var now = new Dictionary<RecordRef, RecordRef>();
        foreach (var type in records.GroupBy(record => record.Type))
        {
            var merged = type.Key is RecordTypes.Account or RecordTypes.Contact ? await MergedInto(type.Key, [.. type.Select(record => record.Id)], ct) : [];
            foreach (var record in type) now[record] = record with { Id = Resolve(merged, record.Id) };
        }
        return now;
    }

    private async Task<Dictionary<Guid, Guid>> MergedInto(string type, Guid[] ids, CancellationToken ct) =>
        (await db.Rows(Around, row => (Id: row.GetGuid(0), Into: row.GetGuid(1)), ct, type, ids)).ToDictionary(row => row.Id, row => row.Into);

    private static Guid Resolve(Dictionary<Guid, Guid> merged, Guid id)
    {
        for (var steps = 0; steps <= merged.Count && merged.TryGetValue(id, out var into); steps++) id = into;
        return id;
    }
}

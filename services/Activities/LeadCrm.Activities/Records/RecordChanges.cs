using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Touches;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Activities.Records;

/// <summary>
/// Keeps who owns the records that things hang on, and lets what hangs on nothing else go to the recycle bin with a record and come back
/// with it. Old states and repetitions change nothing.
/// </summary>
internal sealed class RecordChanges(ActivitiesDb db, RecordTouches touches, TimeProvider clock)
{
    // A record that this service has not heard of may be there: what hangs on it stays.
    private const string TakeAlong = """
        with taken as (
            update items a set deleted_at = $3, deleted_with = g.record_id, version = a.version + 1, updated_at = $3, updated_by = nullif($4, '00000000-0000-0000-0000-000000000000'::uuid)
            from (select distinct on (l.item_id) l.item_id, l.record_id from unnest($1::text[], $2::uuid[]) as g(t, i)
                  join item_links l on l.record_type = g.t and l.record_id = g.i order by l.item_id, l.record_id) g
            where a.id = g.item_id and a.deleted_at is null and not exists (
                select from item_links o left join platform.record_access r on r.record_type = o.record_type and r.record_id = o.record_id
                where o.item_id = a.id and not coalesce(r.is_deleted, false))
            returning a.id, a.version, a.type
        ), history as (
            insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, changes)
            select gen_random_uuid(), case type when 'file' then 'storedFile' else type end, id, version, 'deleted', $3, nullif($4, '00000000-0000-0000-0000-000000000000'::uuid),
                   jsonb_build_object('deletedAt', jsonb_build_object('old', null, 'new', $3)) from taken
        )
        select distinct l.record_type, l.record_id from item_links l join taken on taken.id = l.item_id
        """;

    private const string BringBack = """
        with back as (
            update items a set deleted_at = null, deleted_with = null, version = a.version + 1, updated_at = $3, updated_by = nullif($4, '00000000-0000-0000-0000-000000000000'::uuid)
            from (select distinct l.item_id from unnest($1::text[], $2::uuid[]) as g(t, i)
                  join item_links l on l.record_type = g.t and l.record_id = g.i) g
            where a.id = g.item_id and a.deleted_with is not null
            returning a.id, a.version, a.type
        ), history as (
            insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, changes)
            select gen_random_uuid(), case type when 'file' then 'storedFile' else type end, id, version, 'restored', $3, nullif($4, '00000000-0000-0000-0000-000000000000'::uuid),
                   jsonb_build_object('deletedAt', jsonb_build_object('old', '', 'new', null)) from back
        )
        select distinct l.record_type, l.record_id from item_links l join back on back.id = l.item_id
        """;

    // Whoever tells of the same record at the same moment waits here.
    private const string Known = """
        select a.record_id, a.version from platform.record_access a
        join unnest($1::text[], $2::uuid[]) as r(t, i) on a.record_type = r.t and a.record_id = r.i
        order by a.record_type, a.record_id for update of a
        """;

    private const string Waiting = """
        select distinct l.record_type, l.record_id from unnest($1::text[], $2::uuid[]) as r(t, i)
        join item_links l on l.record_type = r.t and l.record_id = r.i join items a on a.id = l.item_id and a.deleted_with is not null
        """;

    /// <summary>Takes over states as events tell them; answers those that are not older than what was known.</summary>
    internal async Task<IReadOnlySet<Guid>> Apply(IReadOnlyCollection<RecordAccessRow> states, Guid? actorId, CancellationToken ct)
    {
        var rows = states.GroupBy(row => (row.RecordType, row.RecordId)).Select(same => same.MaxBy(row => row.Version)!)
            .OrderBy(row => row.RecordType, StringComparer.Ordinal).ThenBy(row => row.RecordId).ToList();
        if (rows.Count == 0) return new HashSet<Guid>();
        var (known, waiting) = await Keep(rows, ct);
        var current = rows.Where(row => row.Version >= known.GetValueOrDefault(row.RecordId)).ToList();
        await Take([.. current.Where(row => row.IsDeleted)], actorId, ct);
        await Bring([.. current.Where(row => !row.IsDeleted && waiting.Contains(new RecordRef(row.RecordType, row.RecordId)))], actorId, ct);
        return current.Select(row => row.RecordId).ToHashSet();
    }

    /// <summary>Keeps what is newer, on one way to the database and back; answers what was known before, and on which of the records something waits that went with one of them.</summary>
    private async Task<(Dictionary<Guid, long> Known, HashSet<RecordRef> Waiting)> Keep(List<RecordAccessRow> rows, CancellationToken ct)
    {
        await using var batch = db.Batch(
            SqlCommands.Statement(Known, Types(rows), Ids(rows)), RecordAccessStore.Newer(rows), SqlCommands.Statement(Waiting, Types(rows), Ids(rows)));
        await using var row = await batch.ExecuteReaderAsync(ct);
        Dictionary<Guid, long> known = [];
        while (await row.ReadAsync(ct)) known[row.GetGuid(0)] = row.GetInt64(1);
        await row.NextResultAsync(ct);
        HashSet<RecordRef> waiting = [];
        while (await row.ReadAsync(ct)) waiting.Add(Read(row));
        return (known, waiting);
    }

    /// <summary>What hangs on nothing but deleted records goes with them.</summary>
    private async Task Take(IReadOnlyCollection<RecordAccessRow> deleted, Guid? actorId, CancellationToken ct)
    {
        if (deleted.Count == 0) return;
        // What is just being put on a deleted record holds this lock, too: it is seen here, or refused there.
        await touches.Lock([.. deleted.Select(row => new RecordRef(row.RecordType, row.RecordId))], ct);
        await Carry(TakeAlong, deleted, actorId, ct);
    }

    /// <summary>What went with a record comes back with it. Most changes restore nothing: they take no lock.</summary>
    private async Task Bring(IReadOnlyCollection<RecordAccessRow> alive, Guid? actorId, CancellationToken ct)
    {
        if (alive.Count == 0) return;
        await touches.Lock([.. alive.Select(row => new RecordRef(row.RecordType, row.RecordId))], ct);
        await Carry(BringBack, alive, actorId, ct);
    }

    private async Task Carry(string sql, IReadOnlyCollection<RecordAccessRow> rows, Guid? actorId, CancellationToken ct)
    {
        var records = await db.Rows(sql, Read, ct, Types(rows), Ids(rows), clock.GetUtcNow(), actorId ?? Guid.Empty);
        await touches.Lock(records, ct);
        await touches.Refresh(records, ct);
    }

    private static RecordRef Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetGuid(1));

    private static string[] Types(IEnumerable<RecordAccessRow> rows) => [.. rows.Select(row => row.RecordType)];

    private static Guid[] Ids(IEnumerable<RecordAccessRow> rows) => [.. rows.Select(row => row.RecordId)];
}

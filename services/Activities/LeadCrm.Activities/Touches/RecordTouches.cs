using LeadCrm.Activities.Contracts;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Activities.Touches;

/// <summary>
/// Keeps when each record was last touched and what comes next on it (AV8), and tells the records' services. A touch is a call, an e-mail,
/// or an event held (LC8).
/// </summary>
internal sealed class RecordTouches(ActivitiesDb db, IPublishEndpoint publish, TimeProvider clock)
{
    internal const int Chunk = 500;

    // In one order everywhere, so that two of these never wait for each other. Updating nothing is what takes the lock.
    private const string LockRows = """
        insert into record_touches (record_type, record_id, version) select t, i, 0 from unnest($1::text[], $2::uuid[]) as r(t, i) order by t, i
        on conflict (record_type, record_id) do update set record_type = excluded.record_type
        """;

    // changes_at is when the state changes by itself: an event begins or is over. A state that only waits for another moment is no news.
    private const string RefreshRows = """
        with fresh as (
            select r.t, r.i, s.* from unnest($1::text[], $2::uuid[]) as r(t, i) cross join lateral (
                select max(a.moment) filter (where a.kind in ('Call', 'Email') or a.kind = 'Event' and a.ends_at <= $3) as last_touch_at,
                       min(a.next_at) filter (where a.kind = 'Task' or a.kind = 'Event' and a.starts_at > $3) as next_activity_at,
                       least(min(a.starts_at) filter (where a.starts_at > $3), min(a.ends_at) filter (where a.ends_at > $3)) as changes_at
                from item_links l join items a on a.id = l.item_id and a.deleted_at is null
                where l.record_type = r.t and l.record_id = r.i and l.kind in ('Task', 'Event', 'Call', 'Email')) s
        ), news as (
            select f.*, (t.last_touch_at, t.next_activity_at) is distinct from (f.last_touch_at, f.next_activity_at) as is_news
            from fresh f join record_touches t on t.record_type = f.t and t.record_id = f.i
        ), changed as (
            update record_touches t set last_touch_at = n.last_touch_at, next_activity_at = n.next_activity_at, changes_at = n.changes_at,
                version = case when n.is_news then nextval('record_touch_version') else t.version end
            from news n where t.record_type = n.t and t.record_id = n.i and (n.is_news or t.changes_at is distinct from n.changes_at)
            returning t.record_type, t.record_id, t.version, t.last_touch_at, t.next_activity_at, n.is_news
        )
        select record_type, record_id, version, last_touch_at, next_activity_at from changed where is_news
        """;

    /// <summary>
    /// Locks the records' states until the running transaction ends. Whatever adds to a record or takes from it does this first, so that
    /// none of them misses what another one is about to commit.
    /// </summary>
    internal async Task Lock(IReadOnlyCollection<RecordRef> records, CancellationToken ct)
    {
        if (records.Count > 0) await db.Execute(LockRows, ct, Types(records), Ids(records));
    }

    /// <summary>Works out the states anew, from what is saved, and puts what changed into the outbox. The rows are locked already.</summary>
    internal async Task Refresh(IReadOnlyCollection<RecordRef> records, CancellationToken ct)
    {
        if (records.Count == 0) return;
        var changed = await db.Rows(RefreshRows, row => new RecordActivityChanged
        {
            RecordType = row.GetString(0),
            RecordId = row.GetGuid(1),
            Version = row.GetInt64(2),
            LastTouchAt = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
            NextActivityAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        }, ct, Types(records), Ids(records), clock.GetUtcNow());

        if (changed.Count <= RecordTypes.All.Length)
            foreach (var state in changed) await publish.PublishFor(state.RecordId, state, ct);
        else
            foreach (var chunk in changed.Chunk(Chunk)) await publish.PublishFor(chunk[0].RecordId, new RecordActivitiesChanged { Records = chunk }, ct);
    }

    private static string[] Types(IReadOnlyCollection<RecordRef> records) => [.. records.Distinct().Select(record => record.Type)];

    private static Guid[] Ids(IReadOnlyCollection<RecordRef> records) => [.. records.Distinct().Select(record => record.Id)];
}

using LeadCrm.Accounts.Data;
using LeadCrm.Activities.Contracts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Accounts.Touches;

/// <summary>Keeps the last touch and next activity of accounts and contacts (AV8). Whatever order the states arrive in, the newest one stays.</summary>
internal sealed class RecordActivityConsumer(AccountsDb db) : IConsumer<RecordActivityChanged>, IConsumer<RecordActivitiesChanged>
{
    public Task Consume(ConsumeContext<RecordActivityChanged> context) => Apply([context.Message], context.CancellationToken);

    public Task Consume(ConsumeContext<RecordActivitiesChanged> context) => Apply(context.Message.Records, context.CancellationToken);

    private async Task Apply(IReadOnlyList<RecordActivityChanged> states, CancellationToken ct)
    {
        await Keep("account", "account_touches", "accounts", states, ct);
        await Keep("contact", "contact_touches", "contacts", states, ct);
    }

    private async Task Keep(string type, string table, string records, IReadOnlyList<RecordActivityChanged> states, CancellationToken ct)
    {
        var mine = states.Where(state => state.RecordType == type).OrderBy(state => state.RecordId).ToList();
        if (mine.Count == 0) return;
        var sql = $"""
            insert into {table} as known (record_id, version, last_touch_at, next_activity_at)
            select n.id, n.version, n.touched, n.next from unnest(@ids, @versions, @touched, @next) as n(id, version, touched, next)
            where exists (select from {records} r where r.id = n.id)
            on conflict (record_id) do update set version = excluded.version, last_touch_at = excluded.last_touch_at, next_activity_at = excluded.next_activity_at
            where known.version < excluded.version
            """;
        await db.Database.ExecuteSqlRawAsync(sql,
            [
                new NpgsqlParameter("ids", mine.ConvertAll(state => state.RecordId).ToArray()),
                new NpgsqlParameter("versions", mine.ConvertAll(state => state.Version).ToArray()),
                new NpgsqlParameter("touched", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = mine.ConvertAll(state => state.LastTouchAt?.ToUniversalTime()).ToArray() },
                new NpgsqlParameter("next", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = mine.ConvertAll(state => state.NextActivityAt?.ToUniversalTime()).ToArray() },
            ], ct);
    }
}

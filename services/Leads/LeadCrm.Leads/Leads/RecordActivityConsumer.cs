using LeadCrm.Activities.Contracts;
using LeadCrm.Leads.Data;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// Keeps when a lead was last touched and what comes next on it (AV8), beside the lead: it raises no version. Whatever order the states
/// arrive in, the newest one stays.
/// </summary>
internal sealed class RecordActivityConsumer(LeadsDb db) : IConsumer<RecordActivityChanged>, IConsumer<RecordActivitiesChanged>
{
    private const string Keep = """
        update lead_signals s set last_touch_at = n.touched, next_activity_at = n.next, activity_version = n.version
        from unnest(@ids, @versions, @touched, @next) as n(id, version, touched, next)
        where s.lead_id = n.id and coalesce(s.activity_version, 0) < n.version
        """;

    public Task Consume(ConsumeContext<RecordActivityChanged> context) => Apply([context.Message], context.CancellationToken);

    public Task Consume(ConsumeContext<RecordActivitiesChanged> context) => Apply(context.Message.Records, context.CancellationToken);

    private async Task Apply(IReadOnlyList<RecordActivityChanged> states, CancellationToken ct)
    {
        var mine = states.Where(state => state.RecordType == "lead").ToList();
        if (mine.Count == 0) return;
        await db.Database.ExecuteSqlRawAsync(Keep,
            [
                new NpgsqlParameter("ids", mine.ConvertAll(state => state.RecordId).ToArray()),
                new NpgsqlParameter("versions", mine.ConvertAll(state => state.Version).ToArray()),
                new NpgsqlParameter("touched", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = mine.ConvertAll(state => state.LastTouchAt?.ToUniversalTime()).ToArray() },
                new NpgsqlParameter("next", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = mine.ConvertAll(state => state.NextActivityAt?.ToUniversalTime()).ToArray() },
            ], ct);
    }
}

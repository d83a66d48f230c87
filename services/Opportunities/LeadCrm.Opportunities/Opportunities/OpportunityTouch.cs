using LeadCrm.Activities.Contracts;
using LeadCrm.Opportunities.Data;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>When an opportunity was last touched and what comes next on it (AV8), kept beside it: it raises no version.</summary>
internal sealed class OpportunityTouch
{
    public Guid OpportunityId { get; private set; }

    /// <summary>A call, an e-mail, an event held.</summary>
    public DateTimeOffset? LastTouchAt { get; private set; }

    /// <summary>When the next open task is due or the next event begins.</summary>
    public DateTimeOffset? NextActivityAt { get; private set; }

    /// <summary>Version of these two, as Activities counts.</summary>
    public long Version { get; private set; }

    internal static void Map(ModelBuilder model) => model.Entity<OpportunityTouch>(touch =>
    {
        touch.ToTable("opportunity_touches");
        touch.HasKey(t => t.OpportunityId);
        touch.Property(t => t.OpportunityId).ValueGeneratedNever();
        touch.HasOne<Opportunity>().WithOne().HasForeignKey<OpportunityTouch>(t => t.OpportunityId).OnDelete(DeleteBehavior.Cascade);
        touch.HasIndex(t => t.LastTouchAt);
        touch.HasIndex(t => t.NextActivityAt);
    });
}

/// <summary>Keeps the last touch and next activity of opportunities (AV8). Whatever order the states arrive in, the newest one stays.</summary>
internal sealed class RecordActivityConsumer(OpportunitiesDb db) : IConsumer<RecordActivityChanged>, IConsumer<RecordActivitiesChanged>
{
    private const string Keep = """
        insert into opportunity_touches as known (opportunity_id, version, last_touch_at, next_activity_at)
        select n.id, n.version, n.touched, n.next from unnest(@ids, @versions, @touched, @next) as n(id, version, touched, next)
        where exists (select from opportunities o where o.id = n.id)
        on conflict (opportunity_id) do update set version = excluded.version, last_touch_at = excluded.last_touch_at, next_activity_at = excluded.next_activity_at
        where known.version < excluded.version
        """;

    public Task Consume(ConsumeContext<RecordActivityChanged> context) => Apply([context.Message], context.CancellationToken);

    public Task Consume(ConsumeContext<RecordActivitiesChanged> context) => Apply(context.Message.Records, context.CancellationToken);

    private async Task Apply(IReadOnlyList<RecordActivityChanged> states, CancellationToken ct)
    {
        var mine = states.Where(state => state.RecordType == "opportunity").OrderBy(state => state.RecordId).ToList();
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

using LeadCrm.Leads.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Views;

/// <summary>When somebody last opened a lead: what "recently viewed" shows, to nobody but that user.</summary>
internal sealed class LeadVisit
{
    /// <summary>Leads that are remembered of each user.</summary>
    private const int Most = 200;

    public Guid UserId { get; private set; }
    public Guid LeadId { get; private set; }
    public DateTimeOffset At { get; private set; }

    /// <summary>Notes it, and forgets what the user opened long before.</summary>
    public static Task Note(LeadsDb db, Guid user, Guid lead, DateTimeOffset now, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        with noted as (
            insert into lead_visits (user_id, lead_id, at) values ({user}, {lead}, {now})
            on conflict (user_id, lead_id) do update set at = excluded.at
        )
        delete from lead_visits where user_id = {user} and lead_id in (select lead_id from lead_visits where user_id = {user} order by at desc offset {Most})
        """, ct);
}

internal sealed class LeadVisitMapping : IEntityTypeConfiguration<LeadVisit>
{
    public void Configure(EntityTypeBuilder<LeadVisit> visit)
    {
        visit.ToTable("lead_visits");
        visit.HasKey(v => new { v.UserId, v.LeadId });
        visit.HasIndex(v => new { v.UserId, v.At });
        visit.HasIndex(v => v.LeadId);
    }
}

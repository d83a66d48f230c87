using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using MassTransit;

namespace LeadCrm.Campaigns.Members;

/// <summary>Follows leads; who is created for a campaign joins it, and who comes in through a form of a campaign, with the form's status.</summary>
internal sealed class LeadChangedConsumer(CampaignsDb db, JoinNewLeads joining) : IConsumer<LeadChanged>
{
    public async Task Consume(ConsumeContext<LeadChanged> context)
    {
        var message = context.Message;
        await db.Keep([message.Lead.ToRow()], context.CancellationToken);
        var joins = message.Joins ?? (message.Kind == ChangeKind.Created && message.Lead.CampaignId is { } origin ? new CampaignJoin { CampaignId = origin } : null);
        if (joins is not null) await joining.Run([(message.Lead.LeadId, joins)], message.At, context.CancellationToken);
    }
}

/// <summary>The same for many at once, as imports and bulk work bring them.</summary>
internal sealed class LeadsChangedConsumer(CampaignsDb db, JoinNewLeads joining) : IConsumer<LeadsChanged>
{
    public async Task Consume(ConsumeContext<LeadsChanged> context)
    {
        var message = context.Message;
        await db.Keep([.. message.Leads.Select(lead => lead.ToRow())], context.CancellationToken);
        if (message.Kind != ChangeKind.Created) return;
        var coming = message.Leads.Where(lead => lead.CampaignId is not null).Select(lead => (lead.LeadId, new CampaignJoin { CampaignId = lead.CampaignId!.Value }));
        await joining.Run([.. coming], message.At, context.CancellationToken);
    }
}

/// <summary>
/// Makes new leads members of the campaign that they came from, once: a lead that was a member before, even a removed one, stays as it is, and one
/// that has been converted since joins as its contact. A campaign that is not there or is in the recycle bin takes nobody.
/// </summary>
internal sealed class JoinNewLeads(CampaignsDb db)
{
    private const string HoldLeads = """
        select count(*) from (
            select 1 from platform.record_access where record_type = 'lead' and record_id = any(@leads) order by record_id for key share) held
        """;

    private const string Join = $"""
        with person as (
            select a.campaign_id, a.status_id, case when done.contact_id is null then 'lead' else 'contact' end as type, coalesce(done.contact_id, a.lead_id) as id, a.lead_id
            from unnest(@leads, @campaigns, @statuses) as a(lead_id, campaign_id, status_id)
            left join lateral (
                select coalesce(m.moved_to, c.contact_id) as contact_id from lead_conversions c left join contact_merges m on m.contact_id = c.contact_id
                where c.lead_id = a.lead_id and c.undone_at is null order by c.at desc limit 1) done on true
        ), added as (
            insert into campaign_members
                (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, created_by, updated_at, updated_by)
            select new_id(@at), 1, c.id, p.type, p.id, s.id, case when s.is_responded then @at end, @at, @actor, @at, @actor
            from person p join campaigns c on c.id = p.campaign_id and c.deleted_at is null
            cross join lateral (
                select * from member_statuses m where m.campaign_id = c.id and (m.is_default or m.id = p.status_id) order by m.is_default limit 1) s
            where not exists (
                select 1 from campaign_members m where m.campaign_id = c.id and (m.person_type, m.person_id) in ((p.type, p.id), ('lead', p.lead_id)))
            on conflict do nothing
            returning *
        )
        {MemberHistory.OfAdded}
        """;

    public async Task Run(IReadOnlyList<(Guid LeadId, CampaignJoin Joins)> leads, DateTimeOffset at, CancellationToken ct)
    {
        if (leads.Count == 0) return;
        var coming = leads.OrderBy(lead => lead.LeadId).ToList();
        var ids = coming.Select(lead => lead.LeadId).ToArray();
        await using (var hold = db.Command(HoldLeads, ("leads", ids))) await hold.ExecuteScalarAsync(ct);
        await using var join = db.Command(Join, [
            ("leads", ids), ("campaigns", coming.Select(lead => lead.Joins.CampaignId).ToArray()), ("statuses", coming.Select(lead => lead.Joins.MemberStatusId).ToArray()),
            .. MemberHistory.Acting(at),
        ]);
        await join.ExecuteNonQueryAsync(ct);
    }
}

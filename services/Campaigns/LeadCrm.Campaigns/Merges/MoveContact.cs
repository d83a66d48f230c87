using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Members;

namespace LeadCrm.Campaigns.Merges;

/// <summary>
/// Makes the memberships of a contact those of another one, and back again. Where both are members of a campaign they become one, with the more advanced
/// status, the earlier response and the earlier day of joining, as in a conversion (C18). A fixed number of statements, however many there are.
/// </summary>
internal sealed class MoveContact(CampaignsDb db, TimeProvider clock)
{
    private const string Lock = """
        select count(*) from (select 1 from platform.record_access where record_type = 'contact' and record_id in (@from, @to) order by record_id for update) held
        """;

    private const string NoteBefore = """
        update contact_merges set moved_to = @to, audit = jsonb_build_object(
            'own', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m where m.person_type = 'contact' and m.person_id = @from),
            'intoBefore', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m where m.person_type = 'contact' and m.person_id = @to and m.deleted_at is null
                and exists (select from campaign_members l where l.campaign_id = m.campaign_id and l.person_type = 'contact' and l.person_id = @from and l.deleted_at is null)),
            'influence', (select coalesce(jsonb_agg(i.id), '[]') from campaign_influence i where i.contact_id = @from))
        where contact_id = @from
        """;

    private const string Merge = $"""
        with moving as (
            select m.*, s.is_responded, s.position from campaign_members m join member_statuses s on s.id = m.status_id
            where m.person_type = 'contact' and m.person_id = @from and m.deleted_at is null
        ), chosen as (
            select m.*, s.is_responded, s.position from campaign_members m join member_statuses s on s.id = m.status_id
            where m.person_type = 'contact' and m.person_id = @to and m.deleted_at is null and m.campaign_id in (select campaign_id from moving)
            for update of m
        ), changed as (
            update campaign_members m
            set status_id = case when (l.is_responded, l.position) > (c.is_responded, c.position) then l.status_id else c.status_id end,
                first_responded_at = least(c.first_responded_at, l.first_responded_at), created_at = least(c.created_at, l.created_at),
                version = m.version + 1, updated_at = @at, updated_by = @actor
            from chosen c join moving l on l.campaign_id = c.campaign_id
            where m.id = c.id
            {MemberHistory.Returning}
        ), history as ({MemberHistory.OfChanged})
        delete from campaign_members m using moving l, chosen c where m.id = l.id and c.campaign_id = l.campaign_id
        """;

    private const string Move = $"""
        with chosen as (
            select * from campaign_members where person_type = 'contact' and person_id = @from order by id for update
        ), changed as (
            update campaign_members m set person_id = @to, version = m.version + 1, updated_at = @at, updated_by = @actor from chosen c where m.id = c.id
            {MemberHistory.Returning}
        )
        {MemberHistory.OfChanged}
        """;

    private const string MoveInfluence = "update campaign_influence set contact_id = @to where contact_id = @from";

    private const string NoteAfter = """
        update contact_merges c set audit = c.audit || jsonb_build_object('intoAfter',
            (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m
             where exists (select from jsonb_array_elements(c.audit -> 'intoBefore') before where (before ->> 'id')::uuid = m.id)))
        where c.contact_id = @from
        """;

    // As it is now: what was learned since is learned of the same person.
    private const string GiveBack = $"""
        with chosen as (
            select m.* from campaign_members m join contact_merges c on c.contact_id = @from
            where m.person_type = 'contact' and m.person_id = @to
              and exists (select from jsonb_array_elements(c.audit -> 'own') before where (before ->> 'id')::uuid = m.id)
            order by m.id for update of m
        ), changed as (
            update campaign_members m set person_id = @from, version = m.version + 1, updated_at = @at, updated_by = @actor from chosen c where m.id = c.id
            {MemberHistory.Returning}
        )
        {MemberHistory.OfChanged}
        """;

    // The status may have been taken out of the campaign since: then the one that the survivor has.
    private const string Split = """
        with added as (
            insert into campaign_members (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, created_by, updated_at, updated_by)
            select b.id, b.version + 1, b.campaign_id, 'contact', @from, coalesce(s.id, n.status_id), b.first_responded_at, b.created_at, b.created_by, @at, @actor
            from contact_merges c cross join lateral jsonb_populate_recordset(null::campaign_members, c.audit -> 'own') b
            join campaigns g on g.id = b.campaign_id
            left join member_statuses s on s.id = b.status_id
            left join campaign_members n on n.campaign_id = b.campaign_id and n.person_type = 'contact' and n.person_id = @to and n.deleted_at is null
            where c.contact_id = @from and b.deleted_at is null and coalesce(s.id, n.status_id) is not null
              and not exists (select from campaign_members m where m.id = b.id)
            on conflict do nothing
            returning *
        )
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select new_id(@at), 'campaignMember', m.id, m.version, 'restored', @at, @actor, @operation, jsonb_build_object(
            'personId', jsonb_build_object('new', m.person_id), 'statusId', jsonb_build_object('new', m.status_id)) from added m
        """;

    private const string PutBack = $"""
        with chosen as (
            select m.*, b.status_id as old_status, b.first_responded_at as old_response, b.created_at as old_created,
                   a.status_id as new_status, a.first_responded_at as new_response, a.created_at as new_created
            from contact_merges v cross join lateral jsonb_populate_recordset(null::campaign_members, v.audit -> 'intoBefore') b
            join lateral jsonb_populate_recordset(null::campaign_members, v.audit -> 'intoAfter') a on a.id = b.id
            join campaign_members m on m.id = b.id
            where v.contact_id = @from and exists (select from member_statuses s where s.id = b.status_id)
            order by m.id for update of m
        ), changed as (
            update campaign_members m
            set status_id = case when c.status_id = c.new_status then c.old_status else c.status_id end,
                first_responded_at = case when c.first_responded_at is not distinct from c.new_response then c.old_response else c.first_responded_at end,
                created_at = case when c.created_at = c.new_created then c.old_created else c.created_at end,
                version = m.version + 1, updated_at = @at, updated_by = @actor
            from chosen c where m.id = c.id
            {MemberHistory.Returning}
        )
        {MemberHistory.OfChanged}
        """;

    private const string InfluenceBack = """
        update campaign_influence i set contact_id = @from from contact_merges c
        where c.contact_id = @from and i.contact_id = @to and c.audit -> 'influence' @> to_jsonb(i.id::text)
        """;

    private const string Forget = "update contact_merges set moved_to = null, audit = null where contact_id = @from";

    /// <summary>The contact has become the survivor.</summary>
    public Task To(Guid contact, Guid survivor, CancellationToken ct) => Run(contact, survivor, [NoteBefore, Merge, Move, MoveInfluence, NoteAfter], ct);

    /// <summary>The contact is one of its own again: what is the survivor's stays there.</summary>
    public Task Back(Guid contact, Guid survivor, CancellationToken ct) => Run(contact, survivor, [GiveBack, Split, PutBack, InfluenceBack, Forget], ct);

    private async Task Run(Guid from, Guid to, string[] statements, CancellationToken ct)
    {
        (string, object?)[] parameters = [("from", from), ("to", to), .. MemberHistory.Acting(clock.GetUtcNow())];
        await using (var hold = db.Command(Lock, parameters)) await hold.ExecuteScalarAsync(ct);
        foreach (var sql in statements)
        {
            await using var command = db.Command(sql, parameters);
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}

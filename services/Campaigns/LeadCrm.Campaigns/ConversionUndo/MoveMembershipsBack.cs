using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Members;
using LeadCrm.Leads.Contracts;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>
/// Makes memberships the lead's again, from what the conversion noted before it moved them. One that was moved goes back as it is now: what was learned since
/// is learned of the same person. Two that became one are two again: the lead's as it was, the contact's as it was too unless somebody has changed it since.
/// A fixed number of statements, however many memberships there are.
/// </summary>
internal sealed class MoveMembershipsBack(CampaignsDb db, InfluenceWriting influence, TimeProvider clock)
{
    private const string Back = $"""
        with chosen as (
            select m.* from campaign_members m join lead_conversions c on c.conversion_id = @conversion
            where m.person_type = 'contact' and (m.person_id = c.contact_id or m.person_id = (select g.moved_to from contact_merges g where g.contact_id = c.contact_id))
              and exists (select from jsonb_array_elements(c.audit -> 'lead') before where (before ->> 'id')::uuid = m.id)
            order by m.id for update of m
        ), changed as (
            update campaign_members m set person_type = 'lead', person_id = @lead, version = m.version + 1, updated_at = @at, updated_by = @actor
            from chosen c where m.id = c.id
            {MemberHistory.Returning}
        )
        {MemberHistory.OfChanged}
        """;

    // The status may have been taken out of the campaign since: then the lead has the one that the contact has.
    private const string Split = """
        with added as (
            insert into campaign_members (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, created_by, updated_at, updated_by)
            select b.id, b.version + 1, b.campaign_id, 'lead', @lead, coalesce(s.id, n.status_id), b.first_responded_at, b.created_at, b.created_by, @at, @actor
            from lead_conversions c cross join lateral jsonb_populate_recordset(null::campaign_members, c.audit -> 'lead') b
            join campaigns g on g.id = b.campaign_id
            left join member_statuses s on s.id = b.status_id
            left join campaign_members n on n.campaign_id = b.campaign_id and n.person_type = 'contact' and n.person_id = c.contact_id and n.deleted_at is null
            where c.conversion_id = @conversion and b.deleted_at is null and coalesce(s.id, n.status_id) is not null
              and not exists (select from campaign_members m where m.id = b.id)
            on conflict do nothing
            returning *
        )
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select new_id(@at), 'campaignMember', m.id, m.version, 'restored', @at, @actor, @operation, jsonb_build_object(
            'personType', jsonb_build_object('new', m.person_type), 'personId', jsonb_build_object('new', m.person_id), 'statusId', jsonb_build_object('new', m.status_id)) from added m
        """;

    private const string PutBack = $"""
        with chosen as (
            select m.*, b.status_id as old_status, b.first_responded_at as old_response, b.created_at as old_created,
                   a.status_id as new_status, a.first_responded_at as new_response, a.created_at as new_created
            from lead_conversions v cross join lateral jsonb_populate_recordset(null::campaign_members, v.audit -> 'contactBefore') b
            join lateral jsonb_populate_recordset(null::campaign_members, v.audit -> 'contactAfter') a on a.id = b.id
            join campaign_members m on m.id = b.id
            where v.conversion_id = @conversion and exists (select from member_statuses s where s.id = b.status_id)
            order by m.id for update of m
        ), changed as (
            update campaign_members m
            set status_id = case when c.status_id = c.new_status then c.old_status else c.status_id end,
                first_responded_at = case when c.first_responded_at is not distinct from c.new_response then c.old_response else c.first_responded_at end,
                created_at = case when c.created_at = c.new_created then c.old_created else c.created_at end,
                version = m.version + 1, updated_at = @at, updated_by = @actor
            from chosen c where m.id = c.id
            {MemberHistory.Returning}
        ), history as ({MemberHistory.OfChanged})
        select c.id, c.old_status is not distinct from c.new_status, c.status_id = c.new_status,
               c.old_response is not distinct from c.new_response, c.first_responded_at is not distinct from c.new_response from chosen c
        """;

    /// <summary>Campaigns that the opportunity names keep their influence, as it was; the rest was the conversion's.</summary>
    private static readonly string[] Influence =
    [
        "delete from campaign_influence where conversion_id = @conversion",
        """
        insert into campaign_influence (id, opportunity_id, campaign_id, contact_id, conversion_id, joined_at, first_responded_at, is_primary_source)
        select b.id, b.opportunity_id, b.campaign_id, b.contact_id, b.conversion_id, b.joined_at, b.first_responded_at, false
        from lead_conversions c cross join lateral jsonb_populate_recordset(null::campaign_influence, c.audit -> 'influence') b
        join campaigns g on g.id = b.campaign_id where c.conversion_id = @conversion
        on conflict do nothing
        """,
    ];

    /// <summary>Moves them back in the running transaction; answers what became of the values of memberships that stay the contact's.</summary>
    public async Task<IReadOnlyList<UndoneField>> Run(LeadConversionUndone message, CancellationToken ct)
    {
        (string, object?)[] parameters = [("conversion", message.ConversionId), ("lead", message.Lead.LeadId), .. MemberHistory.Acting(clock.GetUtcNow())];
        await Execute(Back, parameters, ct);
        await Execute(Split, parameters, ct);
        var fields = await PutContactsBack(parameters, ct);
        if (message.OpportunityId is { } opportunityId)
        {
            foreach (var sql in Influence) await Execute(sql, [("conversion", message.ConversionId)], ct);
            if (message.Removed.All(removed => removed.RecordId != opportunityId)) await influence.Settle(opportunityId, ct);
        }
        return fields;
    }

    private async Task<IReadOnlyList<UndoneField>> PutContactsBack((string, object?)[] parameters, CancellationToken ct)
    {
        List<UndoneField> fields = [];
        await using var command = db.Command(PutBack, parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (!row.GetBoolean(1)) fields.Add(Field(row.GetGuid(0), "status", row.GetBoolean(2)));
            if (!row.GetBoolean(3)) fields.Add(Field(row.GetGuid(0), "firstRespondedAt", row.GetBoolean(4)));
        }
        return fields;
    }

    private async Task Execute(string sql, (string, object?)[] parameters, CancellationToken ct)
    {
        await using var command = db.Command(sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static UndoneField Field(Guid memberId, string field, bool restored) =>
        new() { RecordType = "membership", RecordId = memberId, Field = field, Outcome = restored ? "restored" : "kept" };
}

using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Members;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Campaigns.Conversion;

/// <summary>
/// Makes the lead's memberships the contact's (C18): status, first response and the day of joining stay. Where the contact is a member already
/// the two become one, with the more advanced status, the earlier response and the earlier day. A fixed number of statements, however
/// many memberships there are.
/// </summary>
internal sealed class MoveMemberships(CampaignsDb db, TimeProvider clock)
{
    private const string ClaimAll = """
        insert into lead_conversions (conversion_id, lead_id, contact_id, opportunity_id, moved, merged, at, audit)
        select conversion, lead, contact, opportunity, 0, 0, at, '{}'
        from unnest(@conversions, @leads, @contacts, @opportunities, @ats) as c(conversion, lead, contact, opportunity, at) order by conversion
        on conflict do nothing returning conversion_id
        """;

    /// <summary>Whoever is adding the lead or the contact to a campaign is done first, or finds the conversion done (see <see cref="MemberWriting"/>).</summary>
    private const string Lock = """
        select count(*) from (
            select 1 from platform.record_access where record_type in ('lead', 'contact') and record_id = any(@people) order by record_id for update) held
        """;

    /// <summary>A response is further than none, and among either the later status is further.</summary>
    private const string Merge = $"""
        with moving as (
            select m.*, s.is_responded, s.position from campaign_members m join member_statuses s on s.id = m.status_id
            where m.person_type = 'lead' and m.person_id = @lead and m.deleted_at is null
        ), chosen as (
            select m.*, s.is_responded, s.position from campaign_members m join member_statuses s on s.id = m.status_id
            where m.person_type = 'contact' and m.person_id = @contact and m.deleted_at is null and m.campaign_id in (select campaign_id from moving)
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
            select * from campaign_members where person_type = 'lead' and person_id = @lead order by id for update
        ), changed as (
            update campaign_members m set person_type = 'contact', person_id = @contact, version = m.version + 1, updated_at = @at, updated_by = @actor
            from chosen c where m.id = c.id
            {MemberHistory.Returning}
        ), history as ({MemberHistory.OfChanged})
        select count(*) from chosen where deleted_at is null
        """;

    /// <summary>What an undo needs (C35), before anything is moved.</summary>
    private const string NoteBefore = """
        update lead_conversions set audit = jsonb_build_object(
            'lead', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m where m.person_type = 'lead' and m.person_id = @lead),
            'contactBefore', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m where m.person_type = 'contact' and m.person_id = @contact and m.deleted_at is null
                and exists (select from campaign_members l where l.campaign_id = m.campaign_id and l.person_type = 'lead' and l.person_id = @lead and l.deleted_at is null)),
            'influence', (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from campaign_influence i where i.opportunity_id = @opportunity))
        where conversion_id = @conversion
        """;

    private const string Note = """
        update lead_conversions c set moved = @moved, merged = @merged, audit = c.audit || jsonb_build_object('contactAfter',
            (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from campaign_members m
             where exists (select from jsonb_array_elements(c.audit -> 'contactBefore') before where (before ->> 'id')::uuid = m.id)))
        where conversion_id = @conversion
        """;

    /// <summary>
    /// Keeps the leads as they are now and takes the conversions on in the running transaction, each once, on one way to the database and back; answers which are new here, and
    /// which of the leads and contacts are, or were, in any campaign. From then on whoever adds one of these to a campaign is done, or finds the conversion.
    /// </summary>
    public async Task<(HashSet<Guid> Claimed, HashSet<Guid> Members)> Claim(IReadOnlyList<LeadConverted> leads, CancellationToken ct)
    {
        Guid[] people = [.. leads.Select(lead => lead.Lead.LeadId), .. leads.Select(lead => lead.ContactId)];
        await using var batch = db.Batch(
            RecordAccessStore.Newer([.. leads.Select(lead => lead.Lead.ToRow())]),
            SetBased.Statement(ClaimAll,
                ("conversions", leads.Select(lead => lead.ConversionId).ToArray()), ("leads", leads.Select(lead => lead.Lead.LeadId).ToArray()),
                ("contacts", leads.Select(lead => lead.ContactId).ToArray()), ("opportunities", leads.Select(lead => lead.OpportunityId).ToArray()),
                ("ats", leads.Select(lead => lead.At.ToUniversalTime()).ToArray())),
            SetBased.Statement(Lock, ("people", people)),
            MembersAmong(leads));
        await using var row = await batch.ExecuteReaderAsync(ct);
        var claimed = await Ids(row, ct);
        await row.NextResultAsync(ct);   // of the locks
        await row.NextResultAsync(ct);
        return (claimed, await Ids(row, ct));
    }

    /// <summary>Those of the leads and contacts that are, or were, in any campaign, asked anew.</summary>
    public async Task<HashSet<Guid>> Members(IReadOnlyList<LeadConverted> leads, CancellationToken ct)
    {
        await using var batch = db.Batch(MembersAmong(leads));
        await using var row = await batch.ExecuteReaderAsync(ct);
        return await Ids(row, ct);
    }

    /// <summary>Moves the memberships of a lead whose conversion was claimed.</summary>
    public async Task<(int Moved, int Merged)> Run(LeadConverted message, CancellationToken ct)
    {
        var (lead, contact) = (("lead", (object?)message.Lead.LeadId), ("contact", (object?)message.ContactId));
        var conversion = ("conversion", (object?)message.ConversionId);
        await using (var before = db.Command(NoteBefore, conversion, lead, contact, ("opportunity", message.OpportunityId ?? Guid.Empty))) await before.ExecuteNonQueryAsync(ct);
        var acting = MemberHistory.Acting(clock.GetUtcNow());
        await using var merge = db.Command(Merge, [lead, contact, .. acting]);
        var merged = await merge.ExecuteNonQueryAsync(ct);
        await using var move = db.Command(Move, [lead, contact, .. acting]);
        var moved = (int)(long)(await move.ExecuteScalarAsync(ct))!;
        await using var note = db.Command(Note, conversion, ("moved", moved), ("merged", merged));
        await note.ExecuteNonQueryAsync(ct);
        return (moved, merged);
    }

    /// <summary>The campaign that a lead joined last, before its memberships move; null when it is in none, or was converted before.</summary>
    public Task<Guid?> Newest(Guid leadId, CancellationToken ct) => (
        from m in db.Members.AsNoTracking()
        join c in db.Campaigns on m.CampaignId equals c.Id
        where m.PersonType == PersonTypes.Lead && m.PersonId == leadId
        orderby m.CreatedAt descending, m.Id descending
        select (Guid?)c.Id).FirstOrDefaultAsync(ct);

    /// <summary>What the first time did.</summary>
    public async Task<(int Moved, int Merged)> Before(Guid conversionId, CancellationToken ct)
    {
        var done = await db.Conversions.AsNoTracking().SingleAsync(c => c.ConversionId == conversionId, ct);
        return (done.Moved, done.Merged);
    }

    private static NpgsqlBatchCommand MembersAmong(IReadOnlyList<LeadConverted> leads) => SetBased.Statement(
        """
        select distinct person_id from campaign_members
        where (person_type = 'lead' and person_id = any(@leads)) or (person_type = 'contact' and person_id = any(@contacts))
        """, ("leads", leads.Select(lead => lead.Lead.LeadId).ToArray()), ("contacts", leads.Select(lead => lead.ContactId).ToArray()));

    private static async Task<HashSet<Guid>> Ids(NpgsqlDataReader row, CancellationToken ct)
    {
        HashSet<Guid> ids = [];
        while (await row.ReadAsync(ct)) ids.Add(row.GetGuid(0));
        return ids;
    }
}

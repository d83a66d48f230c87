using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.ConversionUndo;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using Npgsql;

namespace LeadCrm.Campaigns.Members;

/// <summary>Somebody who is to join: <c>lead</c>, <c>contact</c>, or empty for whichever has the id.</summary>
internal sealed record Candidate(string Type, Guid Id, Guid StatusId);

/// <summary>What became of a candidate.</summary>
internal enum Joined
{
    /// <summary>Is a member now.</summary>
    Added,
    /// <summary>Was one before; nothing changed.</summary>
    AlreadyMember,
    /// <summary>There is no such lead or contact, or the caller may not see it, or it is not known here yet.</summary>
    NotFound,
}

/// <summary>
/// Writes many members in a fixed number of statements, with their history. A lead that was converted joins as its contact. Rows of the people are locked
/// against a conversion that runs at the same time: it moves what is there when it comes to it, and whoever comes later finds it done.
/// </summary>
internal sealed class MemberWriting(CampaignsDb db, Sight sight)
{
    /// <summary>Most members that one call changes.</summary>
    public const int Most = 10_000;

    /// <summary>Keeps people from being converted until the transaction ends, and waits for conversions that are at it.</summary>
    private const string HoldPeople = """
        select count(*) from (
            select 1 from platform.record_access where record_type in ('lead', 'contact') and record_id = any(@ids) order by record_id for key share) held
        """;

    /// <summary>Who the candidates are by now, of those that the caller may see.</summary>
    private const string Recognise = $"""
        with asked as materialized (
            select a.ord, case when done.contact_id is null then nullif(a.type, '') else 'contact' end as type, coalesce(done.contact_id, a.id) as id
            from unnest(@types, @ids) with ordinality as a(type, id, ord)
            left join lateral (
                select coalesce(m.moved_to, c.contact_id) as contact_id from lead_conversions c left join contact_merges m on m.contact_id = c.contact_id
                where c.lead_id = a.id and c.undone_at is null and a.type <> 'contact' order by c.at desc limit 1) done on true
        )
        select a.ord, r.record_type, r.record_id
        from asked a join platform.record_access r on r.record_id = a.id and r.record_type in ('lead', 'contact') and (a.type is null or r.record_type = a.type)
        where {Sight.SeesPerson}
        """;

    private const string Insert = $"""
        with added as (
            insert into campaign_members
                (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, created_by, updated_at, updated_by)
            select new_id(@at), 1, s.campaign_id, p.type, p.id, s.id, case when s.is_responded then @at end, @at, @actor, @at, @actor
            from unnest(@types, @ids, @statuses) as p(type, id, status_id) join member_statuses s on s.id = p.status_id and s.campaign_id = @campaign
            on conflict do nothing
            returning *
        ), history as ({MemberHistory.OfAdded})
        select person_id from added
        """;

    /// <summary>Members of the campaign that the caller may see, of those asked for.</summary>
    private const string Chosen = $"""
        select m.* from campaign_members m
        join platform.record_access r on r.record_type = m.person_type and r.record_id = m.person_id
        where m.campaign_id = @campaign and m.deleted_at is null and m.id = any(@ids) and {Sight.SeesPerson}
        order by m.id for update of m
        """;

    private const string Move = $"""
        update campaign_members m
        set status_id = s.id, first_responded_at = coalesce(m.first_responded_at, case when s.is_responded then @at end),
            version = m.version + 1, updated_at = @at, updated_by = @actor
        from chosen c, member_statuses s
        where m.id = c.id and s.id = @status and s.campaign_id = m.campaign_id and m.status_id <> s.id
        {MemberHistory.Returning}
        """;

    /// <summary>Adds whom the caller may see; answers for each, in order, what became of it.</summary>
    public async Task<Joined[]> Add(Guid campaignId, IReadOnlyList<Candidate> people, DateTimeOffset at, CancellationToken ct)
    {
        await using (var hold = db.Command(HoldPeople, ("ids", people.Select(p => p.Id).ToArray()))) await hold.ExecuteScalarAsync(ct);

        // Whoever is named twice joins as named first; in one order everywhere, so that two calls do not wait for each other crosswise.
        var known = await Recognised(people, ct);
        await HeldPeople.Refuse(db, [.. known.Values.Select(person => person.Id)], ct);
        var first = known.GroupBy(k => k.Value.Id).ToDictionary(named => named.Key, named => named.Min(k => k.Key));
        var joining = first.OrderBy(f => f.Key).Select(f => (known[f.Value].Type, Id: f.Key, people[f.Value].StatusId)).ToList();
        var added = await Inserted(campaignId, joining, at, ct);
        return [.. people.Select((_, i) => !known.TryGetValue(i, out var person) ? Joined.NotFound
            : added.Contains(person.Id) && first[person.Id] == i ? Joined.Added : Joined.AlreadyMember)];
    }

    private async Task<Dictionary<int, (string Type, Guid Id)>> Recognised(IReadOnlyList<Candidate> people, CancellationToken ct)
    {
        await using var recognise = db.Command(Recognise, ("types", people.Select(p => p.Type).ToArray()), ("ids", people.Select(p => p.Id).ToArray()));
        sight.Bind(recognise);
        var known = new Dictionary<int, (string, Guid)>(people.Count);
        await using var row = await recognise.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) known[(int)row.GetInt64(0) - 1] = (row.GetString(1), row.GetGuid(2));
        return known;
    }

    private async Task<HashSet<Guid>> Inserted(Guid campaignId, List<(string Type, Guid Id, Guid StatusId)> people, DateTimeOffset at, CancellationToken ct)
    {
        await using var insert = Acting(Insert, at, ("campaign", campaignId), ("types", people.Select(p => p.Type).ToArray()),
            ("ids", people.Select(p => p.Id).ToArray()), ("statuses", people.Select(p => p.StatusId).ToArray()));
        var added = new HashSet<Guid>(people.Count);
        await using var row = await insert.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) added.Add(row.GetGuid(0));
        return added;
    }

    /// <summary>Gives members another status; answers how many there are in the caller's sight, and how many of them had another one.</summary>
    public Task<(int Found, int Changed)> MoveTo(MemberStatus status, Guid[] memberIds, DateTimeOffset at, CancellationToken ct) => Change(
        $"with chosen as ({Chosen}), changed as ({Move}), history as ({MemberHistory.OfChanged}) select (select count(*) from chosen), (select count(*) from changed)",
        at, ct, ("campaign", status.CampaignId), ("ids", memberIds), ("status", status.Id));

    /// <summary>Removes members; answers how many there were in the caller's sight.</summary>
    public async Task<int> Remove(Guid campaignId, Guid[] memberIds, DateTimeOffset at, CancellationToken ct)
    {
        var (found, _) = await Change($"""
            with chosen as ({Chosen}), changed as (
                update campaign_members m set deleted_at = @at, version = m.version + 1, updated_at = @at, updated_by = @actor from chosen c where m.id = c.id
                {MemberHistory.Returning}
            ), history as ({MemberHistory.OfChanged})
            select (select count(*) from chosen), (select count(*) from changed)
            """, at, ct, ("campaign", campaignId), ("ids", memberIds));
        return found;
    }

    /// <summary>
    /// Gives all members of a status another one, whoever may see them; the removed ones, too, so that they can be restored.
    /// </summary>
    public async Task Replace(Guid statusId, MemberStatus replacement, DateTimeOffset at, CancellationToken ct) => await Change(
        $"""
        with chosen as (select * from campaign_members where status_id = @from order by id for update), changed as ({Move}), history as ({MemberHistory.OfChanged})
        select (select count(*) from chosen), (select count(*) from changed)
        """, at, ct, ("from", statusId), ("status", replacement.Id));

    /// <summary>How many members have the status, whoever may see them.</summary>
    public async Task<int> CountOf(Guid statusId, CancellationToken ct)
    {
        await using var count = db.Command("select count(*) from campaign_members where status_id = @status and deleted_at is null", ("status", statusId));
        return (int)(long)(await count.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Notes the first response of all members of statuses that count as a response from now on (CM2).</summary>
    public async Task Respond(IEnumerable<MemberStatus> statuses, DateTimeOffset at, CancellationToken ct)
    {
        var ids = statuses.Select(s => s.Id).ToArray();
        if (ids.Length == 0) return;
        await Change($"""
            with chosen as (
                select * from campaign_members where status_id = any(@ids) and first_responded_at is null order by id for update
            ), changed as (
                update campaign_members m set first_responded_at = @at, version = m.version + 1, updated_at = @at, updated_by = @actor from chosen c where m.id = c.id
                {MemberHistory.Returning}
            ), history as ({MemberHistory.OfChanged})
            select (select count(*) from chosen), (select count(*) from changed)
            """, at, ct, ("ids", ids));
    }

    private async Task<(int Found, int Changed)> Change(string sql, DateTimeOffset at, CancellationToken ct, params (string, object?)[] parameters)
    {
        await using var command = Acting(sql, at, parameters);
        if (sql.Contains("@reads_leads", StringComparison.Ordinal)) sight.Bind(command);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return ((int)row.GetInt64(0), (int)row.GetInt64(1));
    }

    private NpgsqlCommand Acting(string sql, DateTimeOffset at, params (string, object?)[] parameters) =>
        db.Command(sql, [.. parameters, .. MemberHistory.Acting(at)]);
}

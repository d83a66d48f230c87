using LeadCrm.Campaigns.Data;
using LeadCrm.Opportunities.Contracts;
using Npgsql;

namespace LeadCrm.Campaigns.Influence;

/// <summary>
/// Keeps which campaigns influenced an opportunity, and which one is its primary source. Two things decide, in whatever order they become
/// known: the memberships of its contact when it was converted, and the primary campaign that the opportunity names.
/// </summary>
internal sealed class InfluenceWriting(CampaignsDb db, TimeProvider clock)
{
    private const string AddMemberships = """
        insert into campaign_influence (id, opportunity_id, campaign_id, contact_id, conversion_id, joined_at, first_responded_at, is_primary_source)
        select new_id(@at), @opportunity, m.campaign_id, m.person_id, @conversion, m.created_at, m.first_responded_at, false
        from campaign_members m
        where m.person_type = 'contact' and m.person_id = @contact and m.deleted_at is null
        on conflict (opportunity_id, campaign_id) do update
        set contact_id = excluded.contact_id, conversion_id = excluded.conversion_id, joined_at = excluded.joined_at, first_responded_at = excluded.first_responded_at
        where campaign_influence.contact_id is null
        """;

    private const string KeepOpportunities = """
        insert into opportunity_refs (id, version, name, account_id, stage, stage_category, amount, currency, close_date, primary_campaign_id)
        select * from unnest(@opportunities, @versions, @names, @accounts, @stages, @categories, @amounts, @currencies, @closes, @primaries)
        on conflict (id) do update
        set version = excluded.version, name = excluded.name, account_id = excluded.account_id, stage = excluded.stage, stage_category = excluded.stage_category,
            amount = excluded.amount, currency = excluded.currency, close_date = excluded.close_date, primary_campaign_id = excluded.primary_campaign_id
        where opportunity_refs.version < excluded.version
        returning id, primary_campaign_id is not null or exists (select from campaign_influence i where i.opportunity_id = opportunity_refs.id)
        """;

    /// <summary>What counts is known only here: the named campaign as long as it is named, and one primary source.</summary>
    private static readonly string[] Settling =
    [
        """
        delete from campaign_influence i using opportunity_refs o
        where i.opportunity_id = @opportunity and o.id = @opportunity and i.contact_id is null and i.campaign_id is distinct from o.primary_campaign_id
        """,
        """
        insert into campaign_influence (id, opportunity_id, campaign_id, joined_at, is_primary_source)
        select new_id(@at), o.id, c.id, @at, false from opportunity_refs o join campaigns c on c.id = o.primary_campaign_id
        where o.id = @opportunity on conflict (opportunity_id, campaign_id) do nothing
        """,
        $"update campaign_influence set is_primary_source = false where opportunity_id = @opportunity and is_primary_source and id is distinct from ({Primary})",
        $"update campaign_influence set is_primary_source = true where not is_primary_source and id = ({Primary})",
    ];

    private const string Primary = """
        select i.id from campaign_influence i left join opportunity_refs o on o.id = i.opportunity_id
        where i.opportunity_id = @opportunity
        order by (i.campaign_id = o.primary_campaign_id) is true desc, i.joined_at desc, i.campaign_id desc limit 1
        """;

    /// <summary>A conversion brought the opportunity: every campaign that its contact is a member of had a part in it.</summary>
    public async Task Note(Guid conversionId, Guid opportunityId, Guid contactId, CancellationToken ct)
    {
        await Hold([opportunityId], ct);
        await using var add = db.Command(AddMemberships, ("opportunity", opportunityId), ("conversion", conversionId), ("contact", contactId), ("at", clock.GetUtcNow()));
        await add.ExecuteNonQueryAsync(ct);
        await SettleAll(opportunityId, ct);
    }

    /// <summary>What a conversion noted is taken back: what counts now.</summary>
    public async Task Settle(Guid opportunityId, CancellationToken ct)
    {
        await Hold([opportunityId], ct);
        await SettleAll(opportunityId, ct);
    }

    /// <summary>Opportunities changed. What no campaign had a part in, before or now, is only kept.</summary>
    public async Task Note(IReadOnlyCollection<OpportunityChanged> opportunities, CancellationToken ct)
    {
        var newest = opportunities.GroupBy(o => o.OpportunityId).Select(same => same.MaxBy(o => o.Version)!).OrderBy(o => o.OpportunityId).ToArray();
        if (newest.Length == 0) return;
        List<Guid> influenced = [];
        await using (var keep = db.Batch(HoldOf([.. newest.Select(o => o.OpportunityId)]), SetBased.Statement(KeepOpportunities,
            ("opportunities", Array.ConvertAll(newest, o => o.OpportunityId)), ("versions", Array.ConvertAll(newest, o => o.Version)), ("names", Array.ConvertAll(newest, o => o.Name)),
            ("accounts", Array.ConvertAll(newest, o => o.AccountId)), ("stages", Array.ConvertAll(newest, o => o.Stage)), ("categories", Array.ConvertAll(newest, o => o.StageCategory)),
            ("amounts", Array.ConvertAll(newest, o => o.Amount)), ("currencies", Array.ConvertAll(newest, o => o.Currency)), ("closes", Array.ConvertAll(newest, o => o.CloseDate)),
            ("primaries", Array.ConvertAll(newest, o => o.PrimaryCampaignId)))))
        {
            await using var kept = await keep.ExecuteReaderAsync(ct);
            await kept.NextResultAsync(ct);   // the first is of the locks
            while (await kept.ReadAsync(ct))
                if (kept.GetBoolean(1)) influenced.Add(kept.GetGuid(0));
        }
        foreach (var opportunity in influenced) await SettleAll(opportunity, ct);
    }

    private async Task Hold(Guid[] opportunityIds, CancellationToken ct)
    {
        await using var hold = db.Batch(HoldOf(opportunityIds));
        await hold.ExecuteNonQueryAsync(ct);
    }

    /// <summary>One at a time for each opportunity: its own event and the conversion's come together, by different ways.</summary>
    private static NpgsqlBatchCommand HoldOf(Guid[] opportunityIds) => SetBased.Statement("""
        select pg_advisory_xact_lock(key) from (select hashtextextended('influence:' || id, 0) as key from unnest(@opportunities) as id order by 1) keys
        """, ("opportunities", opportunityIds));

    private async Task SettleAll(Guid opportunityId, CancellationToken ct)
    {
        foreach (var sql in Settling)
        {
            await using var settle = db.Command(sql, ("opportunity", opportunityId));
            if (sql.Contains("@at", StringComparison.Ordinal)) settle.Parameters.AddWithValue("at", clock.GetUtcNow());
            await settle.ExecuteNonQueryAsync(ct);
        }
    }
}

using LeadCrm.Campaigns.Data;
using LeadCrm.Opportunities.Contracts;

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

    private const string KeepOpportunity = """
        insert into opportunity_refs (id, version, name, account_id, stage, stage_category, amount, currency, close_date, primary_campaign_id)
        values (@opportunity, @version, @name, @account, @stage, @category, @amount::numeric, @currency, @close, @primary::uuid)
        on conflict (id) do update
        set version = excluded.version, name = excluded.name, account_id = excluded.account_id, stage = excluded.stage, stage_category = excluded.stage_category,
            amount = excluded.amount, currency = excluded.currency, close_date = excluded.close_date, primary_campaign_id = excluded.primary_campaign_id
        where opportunity_refs.version < excluded.version
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
        await Hold(opportunityId, ct);
        await using var add = db.Command(AddMemberships, ("opportunity", opportunityId), ("conversion", conversionId), ("contact", contactId), ("at", clock.GetUtcNow()));
        await add.ExecuteNonQueryAsync(ct);
        await SettleAll(opportunityId, ct);
    }

    /// <summary>What a conversion noted is taken back: what counts now.</summary>
    public async Task Settle(Guid opportunityId, CancellationToken ct)
    {
        await Hold(opportunityId, ct);
        await SettleAll(opportunityId, ct);
    }

    /// <summary>An opportunity changed.</summary>
    public async Task Note(OpportunityChanged opportunity, CancellationToken ct)
    {
        await Hold(opportunity.OpportunityId, ct);
        await using var keep = db.Command(KeepOpportunity,
            ("opportunity", opportunity.OpportunityId), ("version", opportunity.Version), ("name", opportunity.Name), ("account", opportunity.AccountId),
            ("stage", opportunity.Stage), ("category", opportunity.StageCategory), ("amount", opportunity.Amount), ("currency", opportunity.Currency),
            ("close", opportunity.CloseDate), ("primary", opportunity.PrimaryCampaignId));
        if (await keep.ExecuteNonQueryAsync(ct) > 0) await SettleAll(opportunity.OpportunityId, ct);
    }

    /// <summary>One at a time for each opportunity: its own event and the conversion's come together, by different ways.</summary>
    private async Task Hold(Guid opportunityId, CancellationToken ct)
    {
        await using var hold = db.Command("select pg_advisory_xact_lock(hashtextextended('influence:' || @opportunity, 0))", ("opportunity", opportunityId.ToString()));
        await hold.ExecuteNonQueryAsync(ct);
    }

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

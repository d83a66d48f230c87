using System.Text.Json;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class ConversionTests(CampaignsApp app)
{
    [Fact]
    public async Task C18_memberships_move_to_the_contact_with_status_first_response_and_day_of_joining()
    {
        var (one, two, lead, contact) = (await app.Campaign("One"), await app.Campaign("Two"), await app.Lead(), await app.Contact("Cora"));
        var responded = await app.Me.Join(one.Id, lead, statusId: one["Responded"]);
        var sent = await app.Me.Join(two.Id, lead);

        var moved = await app.Convert(lead, contact);

        (moved.Moved, moved.Merged, moved.LeadId).ShouldBe((2, 0, lead));
        var after = (await app.Me.Members(one.Id)).ShouldHaveSingleItem();
        (after.Id, after.ContactId, after.LeadId, after.Name, after.Status, after.FirstRespondedAt, after.CreatedAt)
            .ShouldBe((responded.Id, contact, null, "Cora", "Responded", responded.FirstRespondedAt, responded.CreatedAt));
        (await app.Me.Members(two.Id)).Single().CreatedAt.ShouldBe(sent.CreatedAt);
        var line = (await app.Me.Page($"/api/campaigns/{one.Id}/members/{after.Id}/history")).GetProperty("items")[0];
        line.GetProperty("operationId").GetGuid().ShouldBe(moved.ConversionId);
        line.GetProperty("changes").GetProperty("personId").GetProperty("old").GetGuid().ShouldBe(lead);
    }

    [Fact]
    public async Task C18_where_the_contact_is_a_member_too_the_rows_merge()
    {
        var (campaign, lead, contact) = (await app.Campaign(), await app.Lead(), await app.Contact());
        var early = await app.Me.Join(campaign.Id, lead, statusId: campaign["Responded"]);
        var kept = await app.Me.Join(campaign.Id, contactId: contact);

        var moved = await app.Convert(lead, contact);

        (moved.Moved, moved.Merged).ShouldBe((0, 1));
        var member = (await app.Me.Members(campaign.Id)).ShouldHaveSingleItem();
        (member.Id, member.ContactId, member.Status, member.FirstRespondedAt, member.CreatedAt).ShouldBe((kept.Id, contact, "Responded", early.FirstRespondedAt, early.CreatedAt));
    }

    [Fact]
    public async Task C18_the_same_conversion_told_again_moves_nothing_and_gets_the_same_answer()
    {
        var (campaign, other, lead, contact, conversion) = (await app.Campaign(), await app.Campaign(), await app.Lead(), await app.Contact(), Guid.CreateVersion7());
        await app.Me.Join(campaign.Id, lead);
        await app.Me.Join(other.Id, lead);
        await app.Me.Join(other.Id, contactId: contact);

        var first = await app.Convert(lead, contact, conversionId: conversion);
        var again = await app.Convert(lead, contact, conversionId: conversion);

        again.ShouldBe(first);
        (first.Moved, first.Merged).ShouldBe((1, 1));
        (await app.Me.Members(campaign.Id)).Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task C18_a_lead_without_memberships_is_answered_too()
    {
        var moved = await app.Convert(Guid.CreateVersion7(), await app.Contact());

        (moved.Moved, moved.Merged).ShouldBe((0, 0));
    }

    [Fact]
    public async Task C18_memberships_of_campaigns_in_the_recycle_bin_and_removed_ones_move_along()
    {
        var (deleted, removed, lead, contact) = (await app.Campaign(), await app.Campaign(), await app.Lead(), await app.Contact());
        await app.Me.Join(deleted.Id, lead);
        var member = await app.Me.Join(removed.Id, lead);
        await app.Me.Delete($"/api/campaigns/{removed.Id}/members/{member.Id}", 1);
        await app.Me.Delete($"/api/campaigns/{deleted.Id}", 1);

        (await app.Convert(lead, contact)).Moved.ShouldBe(1);

        await app.Me.PostAsync($"/api/campaigns/{deleted.Id}/restore", null).As<Campaign>();
        (await app.Me.Members(deleted.Id)).Single().ContactId.ShouldBe(contact);
        (await app.Me.PostAsync($"/api/campaigns/{removed.Id}/members/{member.Id}/restore", null).As<Member>()).ContactId.ShouldBe(contact);
    }

    [Fact]
    public async Task C18_who_adds_a_converted_lead_adds_its_contact()
    {
        var (campaign, lead, contact) = (await app.Campaign(), await app.Lead(), await app.Contact());
        await app.Convert(lead, contact);

        (await app.Me.Join(campaign.Id, lead)).ContactId.ShouldBe(contact);
        (await app.Me.JoinAll(campaign.Id, [lead], [contact])).AlreadyMembers.ShouldBe(2);
    }

    [Fact]
    public async Task C18_memberships_written_while_the_conversion_runs_are_not_left_behind()
    {
        var (lead, contact) = (await app.Lead(), await app.Contact());
        var campaigns = new List<Campaign>();
        for (var i = 0; i < 12; i++) campaigns.Add(await app.Campaign($"Race {i}"));

        var joining = campaigns.Select(c => app.Me.JoinAll(c.Id, [lead])).ToList();
        var converting = app.Convert(lead, contact);
        await Task.WhenAll([.. joining, converting]);

        foreach (var campaign in campaigns) (await app.Me.Members(campaign.Id)).Select(m => m.ContactId).ShouldBe([contact]);
    }

    [Fact]
    public async Task C18_200_memberships_move_in_one_go()
    {
        var (lead, contact) = (await app.Lead(), await app.Contact());
        await app.Database.Execute(
            """
            with c as (
                insert into campaigns (id, version, name, status, owner_id, created_at, updated_at)
                select gen_random_uuid(), 1, 'Many ' || n, 'Planned', $1, now(), now() from generate_series(1, 200) n returning id
            ), s as (
                insert into member_statuses (id, campaign_id, name, position, is_default, is_responded)
                select gen_random_uuid(), c.id, v.name, v.position, v.position = 0, v.position = 1 from c, (values ('Sent', 0), ('Responded', 1)) v(name, position) returning *
            )
            insert into campaign_members (id, version, campaign_id, person_type, person_id, status_id, created_at, updated_at)
            select gen_random_uuid(), 1, s.campaign_id, p.type, p.id, s.id, now(), now()
            from (select *, row_number() over (partition by position order by campaign_id) as n from s) s, (values ('lead', $2), ('contact', $3)) p(type, id)
            where s.position = 0 and (p.type = 'lead' or s.n <= 50)
            """, CampaignsApp.Marketer.Id, lead, contact);

        await app.Convert(await app.Lead(), await app.Contact());   // what is measured is not the first conversion of a new process
        await app.Database.Execute("analyze campaign_members, member_statuses");
        var began = TimeProvider.System.GetTimestamp();
        var moved = await app.Convert(lead, contact, Guid.CreateVersion7());
        var took = TimeProvider.System.GetElapsedTime(began);

        (moved.Moved, moved.Merged).ShouldBe((150, 50));
        TestContext.Current.TestOutputHelper?.WriteLine($"200 memberships moved in {took.TotalMilliseconds:0} ms, from the event to the answer on the bus");
    }

    [Fact]
    public async Task C8_the_newest_membership_is_the_primary_source_and_all_of_them_influence_the_opportunity()
    {
        var (older, newer, lead, contact, deal) = (await app.Campaign("Older"), await app.Campaign("Newer"), await app.Lead(), await app.Contact(), Guid.CreateVersion7());
        await app.Me.Join(older.Id, lead, statusId: older["Responded"]);
        await app.Me.Join(newer.Id, lead);

        await app.Convert(lead, contact, deal);
        await app.Tell(deal, amount: 5_000);
        (await app.Bus.Next<NewestCampaignFound>(m => m.OpportunityId == deal)).CampaignId.ShouldBe(newer.Id);

        await Eventually.Holds(async () => (await Sources(deal)).ShouldBe([("Newer", true, 5_000m), ("Older", false, 5_000m)]));
        (await app.Me.Items<JsonElement>($"/api/campaigns/influence?campaignId={older.Id}")).Single().GetProperty("firstRespondedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task C8_the_opportunitys_own_primary_campaign_goes_before_the_newest_membership_in_whatever_order_it_becomes_known()
    {
        var (member, named, lead, contact, deal) = (await app.Campaign("Member"), await app.Campaign("Named"), await app.Lead(), await app.Contact(), Guid.CreateVersion7());
        await app.Me.Join(member.Id, lead);

        await app.Tell(deal, version: 1, primaryCampaignId: named.Id);
        await app.Convert(lead, contact, deal);
        await Eventually.Holds(async () => (await Sources(deal)).ShouldBe([("Member", false, 1_000m), ("Named", true, 1_000m)]));

        await app.Tell(deal, version: 3);
        await Eventually.Holds(async () => (await Sources(deal)).ShouldBe([("Member", true, 1_000m)]));

        await app.Tell(deal, version: 2, primaryCampaignId: named.Id);   // late: an older state
        await app.Tell(deal, version: 4, primaryCampaignId: member.Id, amount: 7);
        await Eventually.Holds(async () => (await Sources(deal)).ShouldBe([("Member", true, 7m)]));
    }

    private async Task<List<(string?, bool, decimal)>> Sources(Guid opportunity) =>
        [.. (await app.Me.Items<JsonElement>($"/api/campaigns/influence?opportunityId={opportunity}&sort=campaignName"))
            .Select(i => (i.GetProperty("campaignName").GetString(), i.GetProperty("isPrimarySource").GetBoolean(), i.GetProperty("amount").GetDecimal()))
            .OrderByDescending(i => i.Item2 && i.Item1 == "Newer").ThenBy(i => i.Item1, StringComparer.Ordinal)];
}

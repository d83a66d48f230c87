using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>An organisation in which leads, contacts and campaigns are private to their owners.</summary>
public class PrivateCampaignsApp : CampaignsApp
{
    /// <summary>What everybody may do with everybody's campaigns.</summary>
    protected virtual string Campaigns => "private";

    /// <summary>A queue that the other marketer works on.</summary>
    public static Guid Queue { get; } = Guid.CreateVersion7();

    protected override async Task Prepare()
    {
        await Database.Execute(
            """
            insert into platform.directory_organisation (id, version, name, time_zone, currency, first_fiscal_month, sharing)
            values (1, 1, 'Private', 'UTC', 'EUR', 1, jsonb_build_object('lead', 'private', 'contact', 'private', 'opportunity', 'private', 'campaign', $1::text))
            """, Campaigns);
        await Database.Execute(
            "insert into platform.queue_members (queue_id, version, name, members, is_deleted) values ($1, 1, 'Inbox', $2, false)", Queue, new[] { OtherMarketer.Id });
    }
}

/// <summary>An organisation in which people are private to their owners, and campaigns everybody's.</summary>
public sealed class PrivatePeopleApp : PrivateCampaignsApp
{
    protected override string Campaigns => "readWrite";
}

public sealed class VisibilityTests(PrivateCampaignsApp app) : IClassFixture<PrivateCampaignsApp>
{
    [Fact]
    public async Task PM2_a_private_campaign_is_not_there_for_others()
    {
        var campaign = await app.Campaign("Secret");
        var other = app.As(CampaignsApp.OtherMarketer);
        var member = await app.Me.Join(campaign.Id, await app.Lead());

        foreach (var path in new[] { "", "/history", "/hierarchy", "/members", "/members/counts", $"/members/{member.Id}", $"/members/{member.Id}/history" })
            await other.GetAsync($"/api/campaigns/{campaign.Id}{path}").Refused(HttpStatusCode.NotFound);
        await other.Patch($"/api/campaigns/{campaign.Id}", new { name = "X" }, 1).Refused(HttpStatusCode.NotFound);
        await other.Delete($"/api/campaigns/{campaign.Id}", 1).Refused(HttpStatusCode.NotFound);
        await other.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members", new { leadId = member.LeadId }).Refused(HttpStatusCode.NotFound);
        await other.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-leads", new { query = "view=all" }).Refused(HttpStatusCode.NotFound);
        await other.SetStatuses(campaign, []).Refused(HttpStatusCode.NotFound);
        (await other.Page("/api/campaigns?count=exact")).GetProperty("items").EnumerateArray().ShouldNotContain(c => c.GetProperty("id").GetGuid() == campaign.Id);
        (await other.PostAsJsonAsync("/api/campaigns", new { name = "Below", parentCampaignId = campaign.Id }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentCampaignId"]);
    }
}

public sealed class PeopleVisibilityTests(PrivatePeopleApp app) : IClassFixture<PrivatePeopleApp>
{
    [Fact]
    public async Task PM1_members_are_seen_and_counted_only_by_who_may_see_the_person()
    {
        var campaign = await app.Campaign();
        var other = app.As(CampaignsApp.OtherMarketer);
        await app.Me.Join(campaign.Id, await app.Lead("Mine"));
        await other.Join(campaign.Id, await app.Lead("Yours", CampaignsApp.OtherMarketer));
        await other.Join(campaign.Id, await app.Lead("Of your queue", queue: PrivateCampaignsApp.Queue));
        await other.Join(campaign.Id, contactId: await app.Contact("Your contact", CampaignsApp.OtherMarketer));

        (await app.Me.Members(campaign.Id, "sort=name")).Select(m => m.Name).ShouldBe(["Mine"]);
        (await other.Members(campaign.Id, "sort=name")).Select(m => m.Name).ShouldBe(["Of your queue", "Your contact", "Yours"]);
        (await app.Me.Page($"/api/campaigns/{campaign.Id}/members?count=exact")).GetProperty("count").GetInt32().ShouldBe(1);
        (await app.Me.Page($"/api/campaigns/{campaign.Id}/members/counts")).GetProperty("members").GetInt32().ShouldBe(1);

        // What one does to "all of these" stays within what one sees.
        var theirs = (await other.Members(campaign.Id)).Select(m => m.Id).ToArray();
        var removed = await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/remove", new { memberIds = theirs }).As<System.Text.Json.JsonElement>();
        (removed.GetProperty("removed").GetInt32(), removed.GetProperty("notFound").GetInt32()).ShouldBe((0, 3));
        await app.Me.Delete($"/api/campaigns/{campaign.Id}/members/{theirs[0]}", 1).Refused(HttpStatusCode.NotFound);
        await app.Me.Patch($"/api/campaigns/{campaign.Id}/members/{theirs[0]}", new { statusId = campaign["Responded"] }, 1).Refused(HttpStatusCode.NotFound);
        await app.Me.GetAsync($"/api/campaigns/memberships?leadId={(await other.Members(campaign.Id, "name=Yours")).Single().LeadId}").Refused(HttpStatusCode.NotFound);
        var outcome = await app.Me.JoinAll(campaign.Id, [await app.Lead("Yours, too", CampaignsApp.OtherMarketer), await app.Lead("Mine, too")]);
        (outcome.AddedCount, outcome.NotFound).ShouldBe((1, 1));
    }

    [Fact]
    public async Task PM1_influence_is_seen_only_with_the_opportunity()
    {
        var (campaign, mine, yours) = (await app.Campaign(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.Tell(mine, primaryCampaignId: campaign.Id);
        await app.Tell(yours, primaryCampaignId: campaign.Id, owner: CampaignsApp.OtherMarketer);

        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from campaign_influence where campaign_id = $1", campaign.Id) == 2, "both are known");
        (await app.Me.Items<System.Text.Json.JsonElement>($"/api/campaigns/influence?campaignId={campaign.Id}")).Single().GetProperty("opportunityId").GetGuid().ShouldBe(mine);
    }
}

using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class LeadEventTests(CampaignsApp app)
{
    [Fact]
    public async Task CM1_a_lead_created_for_a_campaign_joins_it_with_the_default_status_once()
    {
        var (campaign, lead, message) = (await app.Campaign(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var created = CampaignsApp.State(lead, campaignId: campaign.Id);

        await app.Tell(created, ChangeKind.Created, message);
        var member = (await Members(campaign, 1))[0];
        (member.LeadId, member.Status, member.Name).ShouldBe((lead, "Sent", "Lea Lead"));

        await app.Me.Delete($"/api/campaigns/{campaign.Id}/members/{member.Id}", 1);
        await app.Tell(created, ChangeKind.Created, message);   // the same message again
        await app.Tell(created, ChangeKind.Created);            // and its content in another one
        await app.Tell(created with { Version = 2, LastName = "Changed" }, ChangeKind.Updated);
        await Named(lead, "Lea Changed");
        (await app.Me.Members(campaign.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WL1_a_lead_from_a_form_joins_with_the_forms_status_and_with_the_default_one_when_that_is_gone()
    {
        var campaign = await app.Campaign();
        async Task<string> JoinedAs(Guid? statusId, ChangeKind kind)
        {
            var lead = Guid.CreateVersion7();
            await app.Bus.Publish(new LeadChanged
            {
                Kind = kind, Lead = CampaignsApp.State(lead, campaignId: kind == ChangeKind.Created ? campaign.Id : null), At = DateTimeOffset.UtcNow,
                Joins = new CampaignJoin { CampaignId = campaign.Id, MemberStatusId = statusId },
            }, CampaignsApp.Marketer);
            return (await Eventually.Get(async () => (await app.Me.Members(campaign.Id)).FirstOrDefault(m => m.LeadId == lead), "it is a member")).Status;
        }

        (await JoinedAs(campaign["Responded"], ChangeKind.Created)).ShouldBe("Responded");
        (await JoinedAs(campaign["Responded"], ChangeKind.Updated)).ShouldBe("Responded");
        (await JoinedAs(campaign["Sent"], ChangeKind.Created)).ShouldBe("Sent");
        (await JoinedAs(Guid.NewGuid(), ChangeKind.Created)).ShouldBe("Sent");
        (await JoinedAs(null, ChangeKind.Updated)).ShouldBe("Sent");
    }

    [Fact]
    public async Task CM1_imported_leads_join_their_campaigns_many_at_once()
    {
        var (one, two) = (await app.Campaign(), await app.Campaign());
        var leads = Enumerable.Range(0, 500).Select(i => CampaignsApp.State(Guid.CreateVersion7(), campaignId: i % 5 == 0 ? null : i % 2 == 0 ? one.Id : two.Id)).ToList();

        await app.Bus.Publish(new LeadsChanged { Kind = ChangeKind.Created, Leads = leads, At = DateTimeOffset.UtcNow }, CampaignsApp.Marketer);

        await Eventually.Holds(async () =>
        {
            (await Count(one)).ShouldBe(200);
            (await Count(two)).ShouldBe(200);
        });
    }

    [Fact]
    public async Task CM1_a_campaign_that_is_not_there_takes_nobody()
    {
        var (gone, lead) = (await app.Campaign(), Guid.CreateVersion7());
        await app.Me.Delete($"/api/campaigns/{gone.Id}", 1);

        await app.Tell(CampaignsApp.State(lead, campaignId: gone.Id), ChangeKind.Created);
        await app.Tell(CampaignsApp.State(Guid.CreateVersion7(), campaignId: Guid.NewGuid()), ChangeKind.Created);
        await Named(lead, "Lea Lead");

        await app.Me.PostAsync($"/api/campaigns/{gone.Id}/restore", null).As<Campaign>();
        (await app.Me.Members(gone.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task C18_a_lead_whose_creation_is_heard_of_after_its_conversion_joins_as_its_contact()
    {
        var (campaign, lead, contact) = (await app.Campaign(), Guid.CreateVersion7(), await app.Contact());
        await app.Convert(lead, contact);

        await app.Tell(CampaignsApp.State(lead, campaignId: campaign.Id), ChangeKind.Created);

        (await Members(campaign, 1))[0].ContactId.ShouldBe(contact);
    }

    [Fact]
    public async Task PM7_deleting_a_lead_hides_its_memberships_and_restoring_brings_exactly_those_back()
    {
        var (kept, left, lead) = (await app.Campaign("Kept"), await app.Campaign("Left"), Guid.CreateVersion7());
        await app.Tell(CampaignsApp.State(lead));
        await Named(lead, "Lea Lead");
        var member = await app.Me.Join(kept.Id, lead, statusId: kept["Responded"]);
        var removed = await app.Me.Join(left.Id, lead);
        await app.Me.Delete($"/api/campaigns/{left.Id}/members/{removed.Id}", 1);

        await app.Tell(CampaignsApp.State(lead, version: 2, isDeleted: true), ChangeKind.Deleted);
        await Members(kept, 0);
        (await Count(kept)).ShouldBe(0);
        (await app.Me.GetAsync($"/api/campaigns/memberships?leadId={lead}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await app.Me.GetAsync($"/api/campaigns/{kept.Id}/members/{member.Id}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);

        await app.Tell(CampaignsApp.State(lead, version: 3), ChangeKind.Restored);
        (await Members(kept, 1))[0].ShouldBe(member);
        (await app.Me.Members(left.Id)).ShouldBeEmpty();
        (await app.Me.Items<JsonElement>($"/api/campaigns/memberships?leadId={lead}")).Single().GetProperty("campaignName").GetString().ShouldBe("Kept");
    }

    private async Task<IReadOnlyList<Member>> Members(Campaign campaign, int count)
    {
        await Eventually.Holds(async () => (await app.Me.Members(campaign.Id)).Count.ShouldBe(count));
        return await app.Me.Members(campaign.Id);
    }

    private async Task<int> Count(Campaign campaign) => (await app.Me.Page($"/api/campaigns/{campaign.Id}/members?limit=1&count=exact")).GetProperty("count").GetInt32();

    private Task Named(Guid lead, string name) => Eventually.Is(
        async () => await app.Database.Scalar<string>("select coalesce((select name from platform.record_access where record_id = $1), '')", lead) == name, "the lead's event has arrived");
}

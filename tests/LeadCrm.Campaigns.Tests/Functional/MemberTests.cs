using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class MemberTests(CampaignsApp app)
{
    [Fact]
    public async Task CM1_a_lead_and_a_contact_join_with_the_default_status()
    {
        var campaign = await app.Campaign();
        var (lead, contact) = (await app.Lead("Lea"), await app.Contact("Cora"));

        await app.Me.Join(campaign.Id, leadId: lead);
        await app.Me.Join(campaign.Id, contactId: contact);

        var members = await app.Me.Members(campaign.Id, "sort=name");
        members.Select(m => (m.Name, m.Type, m.LeadId, m.ContactId, m.Status, m.Responded))
            .ShouldBe([("Cora", "contact", null, (Guid?)contact, "Sent", false), ("Lea", "lead", lead, null, "Sent", false)]);
    }

    [Fact]
    public async Task CM1_a_person_is_a_member_once_also_when_two_add_it_at_the_same_time()
    {
        var (campaign, lead) = (await app.Campaign(), await app.Lead());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members", new { leadId = lead })));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        (await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members", new { leadId = lead }).Refused(HttpStatusCode.Conflict, "already-member"))
            .GetProperty("memberId").GetGuid().ShouldBe((await app.Me.Members(campaign.Id)).Single().Id);
    }

    [Fact]
    public async Task CM1_whoever_is_not_there_cannot_join()
    {
        var campaign = await app.Campaign();
        var path = $"/api/campaigns/{campaign.Id}/members";

        (await app.Me.PostAsJsonAsync(path, new { leadId = Guid.NewGuid() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["leadId"]);
        (await app.Me.PostAsJsonAsync(path, new { contactId = await app.Lead() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["contactId"]);
        (await app.Me.PostAsJsonAsync(path, new { leadId = await app.Lead(), contactId = await app.Contact() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["leadId"]);
        (await app.Me.PostAsJsonAsync(path, new { leadId = await app.Lead(), statusId = Guid.NewGuid() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["statusId"]);
        await app.Me.PostAsJsonAsync($"/api/campaigns/{Guid.NewGuid()}/members", new { leadId = await app.Lead() }).Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CM2_the_first_response_is_noted_once()
    {
        var campaign = await app.Campaign();
        var member = await app.Me.Join(campaign.Id, await app.Lead());
        member.FirstRespondedAt.ShouldBeNull();

        var responded = await app.Me.Move(campaign.Id, member, campaign["Responded"]);
        var back = await app.Me.Move(campaign.Id, responded, campaign["Sent"]);
        var again = await app.Me.Move(campaign.Id, back, campaign["Responded"]);

        responded.FirstRespondedAt.ShouldNotBeNull();
        (back.Responded, back.FirstRespondedAt).ShouldBe((false, responded.FirstRespondedAt));
        (again.Responded, again.FirstRespondedAt, again.Version).ShouldBe((true, responded.FirstRespondedAt, 4));
        await app.Me.Patch($"/api/campaigns/{campaign.Id}/members/{member.Id}", new { statusId = campaign["Sent"] }, 2).Refused(HttpStatusCode.PreconditionFailed);
        await app.Me.Delete($"/api/campaigns/{campaign.Id}/members/{member.Id}", 2).Refused(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task CM2_who_joins_as_responded_has_responded_then()
    {
        var campaign = await app.Campaign();

        var member = await app.Me.Join(campaign.Id, await app.Lead(), statusId: campaign["Responded"]);

        member.FirstRespondedAt.ShouldBe(member.CreatedAt);
    }

    [Fact]
    public async Task CM1_changing_the_responded_flag_recalculates_the_members()
    {
        var campaign = await app.Campaign();
        var early = await app.Me.Move(campaign.Id, await app.Me.Join(campaign.Id, await app.Lead("Early")), campaign["Responded"]);
        early = await app.Me.Move(campaign.Id, early, campaign["Sent"]);
        await app.Me.Join(campaign.Id, await app.Lead("Late"));

        var sentCounts = new object[] { new { id = campaign["Sent"], name = "Sent", isDefault = true, isResponded = true }, new { id = campaign["Responded"], name = "Responded", isResponded = true } };
        await app.Me.SetStatuses(campaign, sentCounts).As<Campaign>();

        var members = await app.Me.Members(campaign.Id, "sort=name");
        members.ShouldAllBe(m => m.Responded && m.FirstRespondedAt != null);
        members[0].FirstRespondedAt.ShouldBe(early.FirstRespondedAt);   // set once
        members[1].FirstRespondedAt!.Value.ShouldBeGreaterThan(early.FirstRespondedAt!.Value);
        (await app.Me.Page($"/api/campaigns/{campaign.Id}/members/counts")).GetProperty("responded").GetInt32().ShouldBe(2);
        (await app.Me.Page($"/api/campaigns/{campaign.Id}/members/{members[1].Id}/history")).GetProperty("items")[0]
            .GetProperty("changes").TryGetProperty("firstRespondedAt", out _).ShouldBeTrue();

        var sentCountsNoMore = new object[] { new { id = campaign["Sent"], name = "Sent", isDefault = true }, new { id = campaign["Responded"], name = "Responded", isResponded = true } };
        await app.Me.SetStatuses(await app.Me.Campaign(campaign.Id), sentCountsNoMore).As<Campaign>();

        (await app.Me.Members(campaign.Id, "responded=true")).ShouldBeEmpty();
        (await app.Me.Members(campaign.Id, "sort=name")).Select(m => m.FirstRespondedAt).ShouldBe(members.Select(m => m.FirstRespondedAt));
    }

    [Fact]
    public async Task CM1_a_status_that_members_have_goes_only_with_a_replacement()
    {
        var campaign = await app.Campaign();
        await app.Me.Join(campaign.Id, await app.Lead());
        var removed = await app.Me.Join(campaign.Id, await app.Lead());
        await app.Me.Delete($"/api/campaigns/{campaign.Id}/members/{removed.Id}", 1);
        var withoutSent = new object[] { new { id = campaign["Responded"], name = "Came", isResponded = true }, new { name = "Invited", isDefault = true } };

        (await app.Me.SetStatuses(campaign, withoutSent).Refused(HttpStatusCode.Conflict, "status-in-use")).GetProperty("detail").GetString()!.ShouldContain("'Sent'");
        (await app.Me.Campaign(campaign.Id)).Version.ShouldBe(1);
        var changed = await app.Me.SetStatuses(campaign, withoutSent, [new { statusId = campaign["Sent"], replacementId = campaign["Responded"] }]).As<Campaign>();

        changed.MemberStatuses.Select(s => s.Name).ShouldBe(["Came", "Invited"]);
        var member = (await app.Me.Members(campaign.Id)).ShouldHaveSingleItem();
        (member.Status, member.FirstRespondedAt is null).ShouldBe(("Came", false));
        (await app.Me.PostAsync($"/api/campaigns/{campaign.Id}/members/{removed.Id}/restore", null).As<Member>()).Status.ShouldBe("Came");
        var history = (await app.Me.Page($"/api/campaigns/{campaign.Id}/history")).GetProperty("items")[0].GetProperty("changes").GetProperty("memberStatuses");
        history.GetProperty("old")[0].GetProperty("name").GetString().ShouldBe("Sent");
    }

    [Fact]
    public async Task CM1_statuses_may_swap_their_names()
    {
        var campaign = await app.Campaign();

        var swapped = await app.Me.SetStatuses(campaign, [new { id = campaign["Sent"], name = "Responded", isResponded = true }, new { id = campaign["Responded"], name = "Sent", isDefault = true }]).As<Campaign>();

        (swapped["Sent"], swapped["Responded"]).ShouldBe((campaign["Responded"], campaign["Sent"]));
    }

    [Fact]
    public async Task CM8_a_list_of_ids_joins_in_one_call_and_says_who_did_not()
    {
        var campaign = await app.Campaign();
        var (leads, contact, unknown) = (await app.Leads(3), await app.Contact(), Guid.NewGuid());
        await app.Me.Join(campaign.Id, leads[1]);

        var outcome = await app.Me.JoinAll(campaign.Id, [.. leads, unknown, leads[0]], [contact], campaign["Responded"]);

        (outcome.AddedCount, outcome.AlreadyMembers, outcome.NotFound).ShouldBe((3, 2, 1));
        outcome.NotAdded.Select(s => (s.Line, s.Person, s.Reason)).ShouldBe([(2, leads[1].ToString(), "alreadyMember"), (4, unknown.ToString(), "notFound"), (5, leads[0].ToString(), "alreadyMember")]);
        (await app.Me.Members(campaign.Id, "responded=true")).Count.ShouldBe(3);
        var history = await app.Me.Page($"/api/campaigns/{campaign.Id}/members/{(await app.Me.Members(campaign.Id, "type=contact")).Single().Id}/history");
        history.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("created");
    }

    [Fact]
    public async Task CM8_10_000_leads_join_in_one_call()
    {
        var (campaign, leads) = (await app.Campaign(), await app.Leads(10_000));

        var began = TimeProvider.System.GetTimestamp();
        var outcome = await app.Me.JoinAll(campaign.Id, leads);
        var took = TimeProvider.System.GetElapsedTime(began);

        outcome.AddedCount.ShouldBe(10_000);
        (await app.Me.Page($"/api/campaigns/{campaign.Id}/members?limit=1&count=exact")).GetProperty("count").GetInt32().ShouldBe(10_000);
        TestContext.Current.SendDiagnosticMessage($"10,000 members joined in {took.TotalMilliseconds:0} ms");
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 members joined in {took.TotalMilliseconds:0} ms");

        var members = (await app.Me.Page($"/api/campaigns/{campaign.Id}/members?limit=200")).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("id").GetGuid()).ToList();
        var moved = await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/status", new { statusId = campaign["Responded"], memberIds = members.Append(Guid.NewGuid()) }).As<JsonElement>();
        (moved.GetProperty("changed").GetInt32(), moved.GetProperty("notFound").GetInt32()).ShouldBe((200, 1));
        var counts = await app.Me.Page($"/api/campaigns/{campaign.Id}/members/counts");
        (counts.GetProperty("members").GetInt32(), counts.GetProperty("responded").GetInt32()).ShouldBe((10_000, 200));
    }

    [Fact]
    public async Task CM8_more_than_10_000_ids_are_refused()
    {
        var campaign = await app.Campaign();

        await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-list", new { leadIds = Enumerable.Range(0, 10_001).Select(_ => Guid.NewGuid()) })
            .Refused(HttpStatusCode.UnprocessableEntity, "too-many");
    }

    [Fact]
    public async Task CM1_the_list_of_members_is_filtered_sorted_searched_and_paged()
    {
        var campaign = await app.Campaign();
        foreach (var name in new[] { "Anna Arm", "Bert Bein", "Carl Kopf" }) await app.Me.Join(campaign.Id, await app.Lead(name));
        await app.Me.Join(campaign.Id, contactId: await app.Contact("Dora Daumen"), statusId: campaign["Responded"]);

        var first = await app.Me.Page($"/api/campaigns/{campaign.Id}/members?sort=-name&limit=3&count=true");
        var second = await app.Me.Members(campaign.Id, $"sort=-name&limit=3&after={first.GetProperty("next").GetString()}");

        first.GetProperty("count").GetInt32().ShouldBe(4);
        first.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("name").GetString()).ShouldBe(["Dora Daumen", "Carl Kopf", "Bert Bein"]);
        second.Select(m => m.Name).ShouldBe(["Anna Arm"]);
        (await app.Me.Members(campaign.Id, "type=contact&responded=true")).Select(m => m.Name).ShouldBe(["Dora Daumen"]);
        (await app.Me.Members(campaign.Id, $"statusId={campaign["Sent"]}&name[contains]=bei")).Select(m => m.Name).ShouldBe(["Bert Bein"]);
        (await app.Me.Members(campaign.Id, "q=kopff")).Select(m => m.Name).ShouldBe(["Carl Kopf"]);
    }

    [Fact]
    public async Task CM1_the_campaigns_of_a_person_are_listed()
    {
        var (one, two, lead, contact) = (await app.Campaign("One"), await app.Campaign("Two"), await app.Lead(), await app.Contact());
        await app.Me.Join(one.Id, lead, statusId: one["Responded"]);
        await app.Me.Join(two.Id, lead);
        await app.Me.Join(two.Id, contactId: contact);

        var ofLead = await app.Me.Items<JsonElement>($"/api/campaigns/memberships?leadId={lead}&sort=campaignName");
        ofLead.Select(m => (m.GetProperty("campaignName").GetString(), m.GetProperty("status").GetString(), m.GetProperty("responded").GetBoolean()))
            .ShouldBe([("One", "Responded", true), ("Two", "Sent", false)]);
        (await app.Me.Items<JsonElement>($"/api/campaigns/memberships?contactId={contact}")).Single().GetProperty("campaignId").GetGuid().ShouldBe(two.Id);
        await app.Me.GetAsync($"/api/campaigns/memberships?leadId={Guid.NewGuid()}").Refused(HttpStatusCode.NotFound);
        await app.Me.GetAsync("/api/campaigns/memberships").Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task PM7_a_removed_member_can_be_brought_back_unless_it_joined_again()
    {
        var campaign = await app.Campaign();
        var lead = await app.Lead();
        var member = await app.Me.Join(campaign.Id, lead, statusId: campaign["Responded"]);
        var path = $"/api/campaigns/{campaign.Id}/members/{member.Id}";

        (await app.Me.Delete(path, 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Me.Members(campaign.Id)).ShouldBeEmpty();
        (await app.Me.Members(campaign.Id, "deleted=true")).Single().Id.ShouldBe(member.Id);
        var back = await app.Me.PostAsync($"{path}/restore", null).As<Member>();
        (back.Status, back.FirstRespondedAt, back.CreatedAt, back.Version).ShouldBe(("Responded", member.FirstRespondedAt, member.CreatedAt, 3));

        var removed = await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/remove", new { memberIds = new[] { member.Id, Guid.NewGuid() } }).As<JsonElement>();
        (removed.GetProperty("removed").GetInt32(), removed.GetProperty("notFound").GetInt32()).ShouldBe((1, 1));
        (await app.Me.Join(campaign.Id, lead)).Status.ShouldBe("Sent");
        await app.Me.PostAsync($"{path}/restore", null).Refused(HttpStatusCode.Conflict, "already-member");
    }

    [Fact]
    public async Task PM1_who_may_not_read_contacts_neither_sees_nor_counts_them_as_members()
    {
        var campaign = await app.Campaign();
        await app.Me.Join(campaign.Id, await app.Lead("Lea"));
        await app.Me.Join(campaign.Id, contactId: await app.Contact("Cora"));
        var watcher = app.As(CampaignsApp.Watcher);

        (await watcher.Members(campaign.Id)).Select(m => m.Name).ShouldBe(["Lea"]);
        (await watcher.Page($"/api/campaigns/{campaign.Id}/members?count=exact")).GetProperty("count").GetInt32().ShouldBe(1);
        (await watcher.Page($"/api/campaigns/{campaign.Id}/members/counts")).GetProperty("members").GetInt32().ShouldBe(1);
    }
}

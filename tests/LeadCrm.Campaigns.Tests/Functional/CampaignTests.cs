using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class CampaignTests(CampaignsApp app)
{
    [Fact]
    public async Task CM8_a_campaign_keeps_all_its_fields_and_is_announced_with_its_full_state()
    {
        var above = await app.Campaign("Year of pumps");
        var values = new
        {
            name = "Spring fair", type = "Trade show", status = "inProgress", parentCampaignId = above.Id, startsOn = "2027-03-01", endsOn = "2027-03-03", expectedResponse = 12.25m,
            budget = 20_000.0001m, actualCost = 18_123.4567m, currency = "EUR", description = "Hall 3", externalId = $"sf-{Guid.NewGuid()}",
        };
        using var answer = await app.Me.PostAsJsonAsync("/api/campaigns", values);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");

        var kept = await app.Me.GetAsync(answer.Headers.Location).As<JsonElement>();
        foreach (var (name, value) in JsonSerializer.SerializeToElement(values).EnumerateObject().Select(p => (p.Name, p.Value)))
            kept.GetProperty(name).ToString().ShouldBe(value.ToString(), name);
        kept.GetProperty("ownerId").GetGuid().ShouldBe(CampaignsApp.Marketer.Id);
        kept.GetProperty("memberStatuses").EnumerateArray().Select(s => s.GetProperty("name").GetString()).ShouldBe(["Sent", "Responded"]);

        var told = await app.Bus.Next<CampaignChanged>(m => m.CampaignId == kept.GetProperty("id").GetGuid());
        (told.Kind, told.Version, told.Name, told.Status, told.ParentCampaignId, told.ActualCost, told.OwnerId)
            .ShouldBe((ChangeKind.Created, 1, "Spring fair", "inProgress", above.Id, 18_123.4567m, CampaignsApp.Marketer.Id));
    }

    [Fact]
    public async Task CM8_an_edit_needs_the_version_that_was_read_and_lands_in_the_history()
    {
        var campaign = await app.Campaign();
        await app.Me.Patch($"/api/campaigns/{campaign.Id}", new { name = "X" }, null).Refused(HttpStatusCode.PreconditionRequired);
        await app.Me.Patch($"/api/campaigns/{campaign.Id}", new { nonsense = 1 }, 1).Refused(HttpStatusCode.BadRequest);

        var changed = await app.Me.Patch($"/api/campaigns/{campaign.Id}", new { name = "Autumn fair", status = "completed" }, 1).As<Campaign>();
        await app.Me.Patch($"/api/campaigns/{campaign.Id}", new { name = "X" }, 1).Refused(HttpStatusCode.PreconditionFailed);

        (changed.Version, changed.Name, changed.Status).ShouldBe((2, "Autumn fair", "completed"));
        var line = (await app.Me.Page($"/api/campaigns/{campaign.Id}/history")).GetProperty("items")[0];
        line.GetProperty("changes").GetProperty("name").GetProperty("old").GetString().ShouldBe("Spring fair");
        line.GetProperty("actorId").GetGuid().ShouldBe(CampaignsApp.Marketer.Id);
        (await app.Bus.Next<CampaignChanged>(m => m.CampaignId == campaign.Id && m.Version == 2)).Name.ShouldBe("Autumn fair");
    }

    [Fact]
    public async Task CM8_parents_form_a_tree_without_cycles()
    {
        var top = await app.Campaign("Top");
        var middle = await app.Campaign("Middle", new { parentCampaignId = top.Id });
        var low = await app.Campaign("Low", new { parentCampaignId = middle.Id });

        (await app.Me.Patch($"/api/campaigns/{top.Id}", new { parentCampaignId = low.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity, "validation")).Fields().ShouldBe(["parentCampaignId"]);
        (await app.Me.Patch($"/api/campaigns/{top.Id}", new { parentCampaignId = top.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentCampaignId"]);
        (await app.Me.PostAsJsonAsync("/api/campaigns", new { name = "X", parentCampaignId = Guid.NewGuid() }).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["parentCampaignId"]);

        var tree = (await app.Me.Page($"/api/campaigns/{middle.Id}/hierarchy")).GetProperty("campaigns").EnumerateArray().Select(c => (c.GetProperty("name").GetString(), c.GetProperty("depth").GetInt32()));
        tree.ShouldBe([("Top", 0), ("Middle", 1), ("Low", 2)]);
    }

    [Fact]
    public async Task CM8_two_edits_at_once_do_not_close_a_cycle_together()
    {
        var (a, b) = (await app.Campaign("A"), await app.Campaign("B"));

        var answers = await Task.WhenAll(app.Me.Patch($"/api/campaigns/{a.Id}", new { parentCampaignId = b.Id }, 1), app.Me.Patch($"/api/campaigns/{b.Id}", new { parentCampaignId = a.Id }, 1));

        answers.Select(x => x.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity]);
    }

    [Fact]
    public async Task CM8_a_list_is_filtered_sorted_searched_and_paged()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        foreach (var (name, budget) in new[] { ("Webinar", 10), ("Mailing", 30), ("Fair", 20) })
            await app.Campaign($"{name} {mark}", new { type = mark, budget, currency = "EUR" });

        var first = await app.Me.Page($"/api/campaigns?type={mark}&sort=-budget&limit=2&count=true");
        var second = await app.Me.Page($"/api/campaigns?type={mark}&sort=-budget&limit=2&after={first.GetProperty("next").GetString()}");

        Names(first).Concat(Names(second)).ShouldBe([$"Mailing {mark}", $"Fair {mark}", $"Webinar {mark}"]);
        first.GetProperty("count").GetInt32().ShouldBe(3);
        Names(await app.Me.Page($"/api/campaigns?type={mark}&budget[gte]=20&status=planned")).Count.ShouldBe(2);
        Names(await app.Me.Page($"/api/campaigns?type={mark}&q=webinra")).ShouldBe([$"Webinar {mark}"]);
        await app.Me.GetAsync("/api/campaigns?nonsense=1").Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task CM8_an_external_id_is_there_once()
    {
        var key = Guid.NewGuid().ToString();
        await app.Campaign(values: new { externalId = key });

        await app.Me.PostAsJsonAsync("/api/campaigns", new { name = "Again", externalId = key }).Refused(HttpStatusCode.Conflict, "external-id-taken");
    }

    [Fact]
    public async Task CM8_a_repeated_request_creates_one_campaign()
    {
        var (name, key) = ($"Once {Guid.NewGuid()}", Guid.NewGuid().ToString());
        async Task<Campaign> Send()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/campaigns") { Content = JsonContent.Create(new { name }), Headers = { { "Idempotency-Key", key } } };
            return await app.Me.SendAsync(request).As<Campaign>(HttpStatusCode.Created);
        }

        (await Send()).Id.ShouldBe((await Send()).Id);
    }

    [Fact]
    public async Task CM8_who_may_only_read_changes_nothing()
    {
        var campaign = await app.Campaign();
        var watcher = app.As(CampaignsApp.Watcher);

        (await watcher.Campaign(campaign.Id)).Name.ShouldBe("Spring fair");
        await watcher.PostAsJsonAsync("/api/campaigns", new { name = "X" }).Refused(HttpStatusCode.Forbidden);
        await watcher.Patch($"/api/campaigns/{campaign.Id}", new { name = "X" }, 1).Refused(HttpStatusCode.Forbidden);
        await watcher.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members", new { leadId = await app.Lead() }).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task PM2_by_default_everybody_may_change_a_campaign_and_only_its_owner_gives_it_away()
    {
        var campaign = await app.Campaign();
        var other = app.As(CampaignsApp.OtherMarketer);

        await other.Patch($"/api/campaigns/{campaign.Id}", new { type = "Mail" }, 1).As<Campaign>();
        await other.Patch($"/api/campaigns/{campaign.Id}", new { ownerId = CampaignsApp.OtherMarketer.Id }, 2).Refused(HttpStatusCode.Forbidden);
        await app.Me.Patch($"/api/campaigns/{campaign.Id}", new { ownerId = CampaignsApp.OtherMarketer.Id }, 2).As<Campaign>();
    }

    [Fact]
    public async Task PM7_a_deleted_campaign_comes_back_with_exactly_its_members()
    {
        var campaign = await app.Campaign();
        var (stays, goes) = (await app.Me.Join(campaign.Id, await app.Lead("Stays")), await app.Me.Join(campaign.Id, await app.Lead("Goes")));
        (await app.Me.Delete($"/api/campaigns/{campaign.Id}/members/{goes.Id}", 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await app.Me.Delete($"/api/campaigns/{campaign.Id}", 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await app.Me.GetAsync($"/api/campaigns/{campaign.Id}").Refused(HttpStatusCode.NotFound);
        await app.Me.GetAsync($"/api/campaigns/{campaign.Id}/members").Refused(HttpStatusCode.NotFound);
        (await app.Me.Page($"/api/campaigns/memberships?leadId={stays.LeadId}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        Names(await app.Me.Page($"/api/campaigns?deleted=true&ownerId={CampaignsApp.Marketer.Id}&sort=-updatedAt&limit=200")).ShouldContain("Spring fair");

        (await app.Me.PostAsync($"/api/campaigns/{campaign.Id}/restore", null).As<Campaign>()).Version.ShouldBe(3);
        (await app.Me.Members(campaign.Id)).Select(m => m.Name).ShouldBe(["Stays"]);
        (await app.Me.Items<JsonElement>($"/api/campaigns/memberships?leadId={stays.LeadId}")).Count.ShouldBe(1);
        (await app.Bus.Next<CampaignChanged>(m => m.CampaignId == campaign.Id && m.Kind == ChangeKind.Restored)).Version.ShouldBe(3);
    }

    [Fact]
    public async Task LD11_campaigns_are_written_in_bulk_by_external_id()
    {
        var (key, existing) = (Guid.NewGuid().ToString(), await app.Campaign());
        string[] lines =
        [
            $$$"""{"op":"upsert","externalId":"{{{key}}}","record":{"name":"From elsewhere"}}""",
            $$$"""{"op":"upsert","externalId":"{{{key}}}","record":{"status":"completed"}}""",
            """{"op":"create","record":{"name":""}}""",
            $$$"""{"op":"transfer","id":"{{{existing.Id}}}","record":{"ownerId":"{{{CampaignsApp.OtherMarketer.Id}}}"}}""",
            $$$"""{"op":"delete","id":"{{{existing.Id}}}","version":1}""",
        ];

        using var answer = await app.Me.PostAsync("/api/campaigns/bulk", new StringContent(string.Join('\n', lines), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson")));
        var results = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        results.Select(r => r.GetProperty("status").GetInt32()).ShouldBe([201, 200, 422, 200, 412]);
        var written = await app.Me.Campaign(results[0].GetProperty("id").GetGuid());
        (written.Name, written.Status, written.Version, written.MemberStatuses.Count).ShouldBe(("From elsewhere", "completed", 2, 2));
        (await app.Bus.Next<CampaignChanged>(m => m.CampaignId == existing.Id && m.Version == 2)).OwnerId.ShouldBe(CampaignsApp.OtherMarketer.Id);
    }

    [Fact]
    public async Task LD8_a_search_finds_what_begins_with_the_words_first_and_typing_errors_too()
    {
        var mark = "q" + Guid.NewGuid().ToString("N")[..7];
        foreach (var name in new[] { $"Gala {mark}dinner", $"{mark}dinner gala" }) await app.Campaign(name);

        var found = await app.Me.Items<JsonElement>($"/api/campaigns/search?q={mark}dinner");
        found.Select(f => (f.GetProperty("type").GetString(), f.GetProperty("title").GetString())).ShouldBe([("campaign", $"{mark}dinner gala"), ("campaign", $"Gala {mark}dinner")]);
        (await app.Me.Items<JsonElement>($"/api/campaigns/search?q={mark}diner")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task LD11_a_list_of_members_is_a_csv_file_when_asked_for()
    {
        var campaign = await app.Campaign();
        await app.Me.Join(campaign.Id, await app.Lead("=cmd()"));

        var csv = await app.Me.GetStringAsync($"/api/campaigns/{campaign.Id}/members?format=csv");

        csv.Split("\r\n")[0].ShouldContain("leadId,contactId,name,ownerId,statusId,status,responded");
        csv.ShouldContain("'=cmd()");
        await app.As(CampaignsApp.Watcher).GetAsync($"/api/campaigns/{campaign.Id}/members?format=csv").Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task PM6_the_access_feed_tells_of_all_campaigns_deleted_ones_too()
    {
        var (alive, gone) = (await app.Campaign("Alive"), await app.Campaign("Gone"));
        await app.Me.Delete($"/api/campaigns/{gone.Id}", 1);

        var seen = new List<JsonElement>();
        for (string? after = ""; after is not null;)
        {
            var page = await app.Internal().GetAsync($"/internal/access/changes?type=campaign&limit=3{(after.Length > 0 ? "&after=" + after : "")}").As<JsonElement>();
            seen.AddRange(page.GetProperty("records").EnumerateArray());
            after = page.GetProperty("next").GetString();
        }

        seen.Select(r => r.GetProperty("recordId").GetGuid()).ShouldBeUnique();
        seen.Single(r => r.GetProperty("recordId").GetGuid() == alive.Id).GetProperty("isDeleted").GetBoolean().ShouldBeFalse();
        var tombstone = seen.Single(r => r.GetProperty("recordId").GetGuid() == gone.Id);
        (tombstone.GetProperty("isDeleted").GetBoolean(), tombstone.GetProperty("version").GetInt64(), tombstone.GetProperty("name").GetString()).ShouldBe((true, 2, "Gone"));
        await app.Me.GetAsync("/internal/access/changes?type=campaign").Refused(HttpStatusCode.Unauthorized);
    }

    private static List<string?> Names(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("name").GetString())];
}

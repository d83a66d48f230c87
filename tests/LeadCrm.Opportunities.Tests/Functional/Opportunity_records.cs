using System.Net;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class Opportunity_records(OpportunitiesApp app)
{
    [Fact]
    public async Task OP1_every_field_is_kept_as_it_was_given()
    {
        var (account, campaign) = (await app.Account("Wind & Co"), Guid.CreateVersion7());
        var created = await app.Rep.Post("/api/opportunities", new
        {
            name = "Turbine", accountId = account, amount = 1234567.8901m, currency = "EUR", closeDate = "2027-01-31", stage = "Qualification",
            probability = 35, forecastCategory = "bestCase", type = "New business", source = "Partner", primaryCampaignId = campaign,
            nextStep = "Call Kim", ownerId = TestUser.OtherRep.Id, team = new[] { new { userId = TestUser.Rep.Id, role = "Pre-sales" } },
            competitors = new[] { "Gale AG", "Breeze" }, description = "Two lines\nof text",
        });
        created.ShouldBe(HttpStatusCode.Created).ETag.ShouldBe("\"1\"");
        created.Headers.Location!.ToString().ShouldBe($"/api/opportunities/{created.Id}");

        var read = (await app.Reader.Get($"/api/opportunities/{created.Id}")).ShouldBe(HttpStatusCode.OK);
        read["name"].GetString().ShouldBe("Turbine");
        read["accountId"].GetGuid().ShouldBe(account);
        read["accountName"].GetString().ShouldBe("Wind & Co");
        read["amount"].GetDecimal().ShouldBe(1234567.8901m);
        read["currency"].GetString().ShouldBe("EUR");
        read["closeDate"].GetString().ShouldBe("2027-01-31");
        read["stage"].GetString().ShouldBe("Qualification");
        read["stageCategory"].GetString().ShouldBe("open");
        read["probability"].GetInt32().ShouldBe(35);
        read["forecastCategory"].GetString().ShouldBe("bestCase");
        read["type"].GetString().ShouldBe("New business");
        read["source"].GetString().ShouldBe("Partner");
        read["primaryCampaignId"].GetGuid().ShouldBe(campaign);
        read["nextStep"].GetString().ShouldBe("Call Kim");
        read["ownerName"].GetString().ShouldBe(TestUser.OtherRep.Name);
        read["team"].Items().ShouldHaveSingleItem().GetProperty("role").GetString().ShouldBe("Pre-sales");
        read["competitors"].Items().Select(c => c.GetString()).ShouldBe(["Gale AG", "Breeze"]);
        read["description"].GetString().ShouldBe("Two lines\nof text");
        read["provisional"].GetBoolean().ShouldBeFalse();
        read["createdBy"].GetGuid().ShouldBe(TestUser.Rep.Id);
    }

    [Fact]
    public async Task C9_a_new_opportunity_has_the_default_stage_its_probability_and_the_end_of_the_fiscal_quarter()
    {
        var deal = await app.Deal();
        deal["stage"].GetString().ShouldBe("Prospecting");
        deal["probability"].GetInt32().ShouldBe(10);
        deal["ownerId"].GetGuid().ShouldBe(TestUser.Rep.Id);
        var closes = DateOnly.Parse(deal["closeDate"].GetString()!);
        closes.ShouldBeInRange(DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-1), DateOnly.FromDateTime(DateTime.UtcNow).AddDays(93));
        (closes.Month % 3).ShouldBe(0);
    }

    [Fact]
    public async Task C6_all_violations_come_back_together_by_field()
    {
        var refused = await app.Rep.Post("/api/opportunities", new { amount = -1, currency = "XXQ", ownerId = Guid.CreateVersion7() });
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["accountId", "amount", "currency", "name", "ownerId"]);
    }

    [Fact]
    public async Task OP1_an_unknown_member_is_refused_by_name()
    {
        var refused = await app.Rep.Post("/api/opportunities", new { name = "x", accountId = await app.Account(), stagename = "y" });
        refused.ShouldBe(HttpStatusCode.BadRequest)["detail"].GetString()!.ShouldContain("stagename");
    }

    [Fact]
    public async Task OP1_a_change_touches_only_what_the_patch_names()
    {
        var deal = await app.Deal(new { amount = 5, nextStep = "Call" });
        var changed = await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 7.5m, nextStep = (string?)null }, deal.ETag);

        changed.ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        changed["amount"].GetDecimal().ShouldBe(7.5m);
        changed["nextStep"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        changed["name"].GetString().ShouldBe("Ten pumps");
    }

    [Fact]
    public async Task OP1_the_stage_cannot_be_patched_past_its_rules()
    {
        var deal = await app.Deal();
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { stage = "Closed Won" }, deal.ETag)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task OP1_a_change_without_if_match_is_428_and_on_an_old_version_412()
    {
        var deal = await app.Deal();
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 1 }, null)).ShouldBe(HttpStatusCode.PreconditionRequired);
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 1 }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 2 }, deal.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await app.Rep.Delete($"/api/opportunities/{deal.Id}", deal.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task OP1_of_two_changes_at_once_on_one_version_one_wins()
    {
        var deal = await app.Deal();
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = i }, deal.ETag)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.PreconditionFailed).ShouldBe(7);
    }

    [Fact]
    public async Task OP1_each_action_asks_for_its_permission()
    {
        var deal = await app.Deal();
        var path = $"/api/opportunities/{deal.Id}";
        (await app.Reader.Get(path)).ShouldBe(HttpStatusCode.OK);
        (await app.Reader.Post("/api/opportunities", new { name = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Patch(path, new { amount = 1 }, deal.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Delete(path, deal.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Post($"{path}/restore")).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Post($"{path}/stage", new { stage = "Qualification" })).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Put($"{path}/contact-roles/{Guid.NewGuid()}", new { role = "user" }, deal.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Delete($"{path}/contact-roles/{Guid.NewGuid()}", deal.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Anonymous().GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var stranger = TestUser.With("leads.read");
        await app.Know(stranger);
        (await app.By(stranger).Get(path)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task OP1_a_deleted_opportunity_is_gone_until_it_is_restored()
    {
        var deal = await app.Deal();
        var path = $"/api/opportunities/{deal.Id}";
        (await app.Rep.Delete(path, deal.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await app.Rep.Get(path)).ShouldBe(HttpStatusCode.NotFound);
        (await List($"accountId={deal["accountId"].GetGuid()}")).ShouldBeEmpty();
        (await List($"accountId={deal["accountId"].GetGuid()}&deleted=true")).ShouldBe([deal.Id]);
        (await List($"accountId={deal["accountId"].GetGuid()}&q=pumps")).ShouldBeEmpty();
        (await List($"accountId={deal["accountId"].GetGuid()}&q=pumps&deleted=true")).ShouldBe([deal.Id]);

        (await app.Rep.Post($"{path}/restore")).ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"3\"");
        (await app.Rep.Get(path)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task OP1_history_tells_who_changed_what_from_what_to_what()
    {
        var deal = await app.Deal(new { amount = 5 });
        await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 6 }, deal.ETag);
        var entries = (await app.Rep.Get($"/api/opportunities/{deal.Id}/history")).ShouldBe(HttpStatusCode.OK)["items"].Items();

        entries.Select(e => e.GetProperty("kind").GetString()).ShouldBe(["updated", "created"]);
        entries[0].GetProperty("changes").EnumerateObject().Select(c => c.Name).ShouldBe(["amount"]);
        entries[0].GetProperty("changes").GetProperty("amount").GetProperty("old").GetDecimal().ShouldBe(5);
        entries[0].GetProperty("changes").GetProperty("amount").GetProperty("new").GetDecimal().ShouldBe(6);
        entries[0].GetProperty("actorName").GetString().ShouldBe(TestUser.Rep.Name);
    }

    [Fact]
    public async Task OP1_every_change_is_announced_with_full_state_and_version()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(OpportunityChanged));
        var deal = await app.Deal(new { amount = 5, currency = "EUR" });
        var path = $"/api/opportunities/{deal.Id}";
        await app.Rep.Patch(path, new { amount = 6 }, "\"1\"");
        await app.Rep.Post($"{path}/stage", new { stage = "Proposal" });
        await app.Rep.Delete(path, "\"3\"");
        await app.Rep.Post($"{path}/restore");

        await Eventually.Is(() => Task.FromResult(bus.All<OpportunityChanged>().Count(m => m.OpportunityId == deal.Id) == 5), "five events arrive");
        var events = bus.All<OpportunityChanged>().Where(m => m.OpportunityId == deal.Id).OrderBy(m => m.Version).ToList();
        events.Select(e => (e.Version, e.Kind)).ShouldBe(
            [(1, ChangeKind.Created), (2, ChangeKind.Updated), (3, ChangeKind.Updated), (4, ChangeKind.Deleted), (5, ChangeKind.Restored)]);
        events.Select(e => e.Amount).ShouldBe([5m, 6m, 6m, 6m, 6m]);
        events[2].Stage.ShouldBe("Proposal");
        events[2].Probability.ShouldBe(60);
        events.ShouldAllBe(e => e.ActorId == TestUser.Rep.Id && e.ConversionId == null && e.Sequence == null && e.StageCategory == "open");
    }

    [Fact]
    public async Task OP1_a_repeated_request_with_the_same_key_creates_one_opportunity()
    {
        var (account, key) = (await app.Account(), Guid.NewGuid().ToString());
        var first = await app.Rep.Post("/api/opportunities", new { name = "Once", accountId = account }, idempotencyKey: key);
        var second = await app.Rep.Post("/api/opportunities", new { name = "Once", accountId = account }, idempotencyKey: key);
        second.ShouldBe(HttpStatusCode.Created).Id.ShouldBe(first.Id);
        (await List($"accountId={account}")).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task OP1_lists_filter_sort_and_page_without_gaps()
    {
        var account = await app.Account();
        var ids = new List<Guid>();
        for (var amount = 1; amount <= 5; amount++) ids.Add((await app.Deal(new { amount }, account)).Id);

        (await List($"accountId={account}&amount[gte]=4&sort=amount")).ShouldBe(ids[3..]);
        (await List($"accountId={account}&amount[in]=1,5&sort=-amount")).ShouldBe([ids[4], ids[0]]);
        (await List($"accountId={account}&stageCategory=won")).ShouldBeEmpty();

        var paged = new List<Guid>();
        for (string? next = ""; next is not null;)
        {
            var page = (await app.Rep.Get($"/api/opportunities?accountId={account}&sort=-amount&limit=2&after={next}&count=true")).ShouldBe(HttpStatusCode.OK);
            page["count"].GetInt32().ShouldBe(5);
            paged.AddRange(page["items"].Items().Select(i => i.GetProperty("id").GetGuid()));
            next = page["next"].GetString();
        }
        paged.ShouldBe(Enumerable.Reverse(ids));
    }

    [Fact]
    public async Task OP1_an_unknown_filter_is_refused() => (await app.Rep.Get("/api/opportunities?colour=red")).ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("Hydraulik")]
    [InlineData("hydraulc")]      // a typo
    [InlineData("Meierhofer")]    // the account
    [InlineData("Wasserwerk")]    // the description
    public async Task OP1_search_finds_name_account_and_description_also_with_a_typo(string text)
    {
        var account = await app.Account($"Meierhofer {Guid.NewGuid():N}");
        var deal = await app.Deal(new { name = "Hydraulik Presse", description = "Für das Wasserwerk Nord" }, account);
        (await List($"accountId={account}&q={text}")).ShouldBe([deal.Id]);
        (await List($"accountId={account}&q=Zebra")).ShouldBeEmpty();
    }

    private async Task<Guid[]> List(string query) =>
        [.. (await app.Rep.Get($"/api/opportunities?{query}")).ShouldBe(HttpStatusCode.OK)["items"].Items().Select(i => i.GetProperty("id").GetGuid())];
}

using System.Net;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Custom fields of opportunities (LD4), and what conversions do with them; on a service of its own, for they are shared by all records.</summary>
public sealed class Custom_fields(Custom_fields.OwnApp app) : IClassFixture<Custom_fields.OwnApp>
{
    public sealed class OwnApp : OpportunitiesApp;

    [Fact]
    public async Task LD4r_opportunities_have_custom_fields_that_are_checked_filtered_sorted_and_told_in_the_history()
    {
        await Define(new { key = "region", label = "Region", type = "pickList", options = new[] { new { value = "North" }, new { value = "South" } }, defaultValue = "North" });
        await Define(new { key = "seats", label = "Seats", type = "number", decimals = 0, min = 1 });
        var account = await app.Account();
        var (small, large) = (await app.Deal(new { custom = new { seats = 2 } }, account), await app.Deal(new { custom = new { seats = 30, region = "south" } }, account));
        (small["custom"].GetProperty("seats").GetInt32(), small["custom"].GetProperty("region").GetString()).ShouldBe((2, "North"));
        large["custom"].GetProperty("region").GetString().ShouldBe("South");
        (await app.Rep.Post("/api/opportunities", new { name = "None", accountId = account, custom = new { seats = 0, shoes = 1 } })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["custom.seats", "custom.shoes"], ignoreOrder: true);

        async Task<Guid[]> List(string query) => [.. (await app.Rep.Get($"/api/opportunities?accountId={account}&{query}")).ShouldBe(HttpStatusCode.OK)["items"].Items().Select(i => i.GetProperty("id").GetGuid())];
        (await List("custom.seats[gte]=3")).ShouldBe([large.Id]);
        (await List("custom.region=North")).ShouldBe([small.Id]);
        (await List("sort=-custom.seats")).ShouldBe([large.Id, small.Id]);

        var changed = (await app.Rep.Patch($"/api/opportunities/{small.Id}", new { custom = new { seats = 3 } }, small.ETag)).ShouldBe(HttpStatusCode.OK);
        changed["custom"].GetProperty("region").GetString().ShouldBe("North");
        var told = (await app.Rep.Get($"/api/opportunities/{small.Id}/history"))["items"].Items()[0].GetProperty("changes").GetProperty("custom.seats");
        (told.GetProperty("old").GetInt32(), told.GetProperty("new").GetInt32()).ShouldBe((2, 3));
    }

    [Fact]
    public async Task LD4g_a_unique_value_is_one_opportunitys_alone()
    {
        await Define(new { key = "contractNo", label = "Contract no.", type = "text", isUnique = true });
        var account = await app.Account();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Rep.Post("/api/opportunities", new { name = "One", accountId = account, custom = new { contractNo = "C-1" } })));

        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.Created).ShouldAllBe(a => a.Status == HttpStatusCode.UnprocessableEntity && a.Errors.SequenceEqual(new[] { "custom.contractNo" }));
    }

    [Fact]
    public async Task LD4s_a_conversion_sets_custom_values_of_a_new_opportunity_fills_the_empty_ones_of_an_existing_one_and_its_compensation_empties_them()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(OpportunitiesAnswered));
        await Define(new { key = "channel", label = "Channel", type = "text", maxLength = 10 });
        await Define(new { key = "worth", label = "Worth", type = "currency" });
        var (account, contact) = (await app.Account(), await app.Contact());
        CreateOrAttachOpportunity Command(Guid opportunity, bool create, params (string Key, string Value)[] custom) => new()
        {
            ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = TestUser.Rep.Id, OwnerId = TestUser.Rep.Id, OpportunityId = opportunity, Create = create,
            AccountId = account, ContactId = contact, ContactName = "Kim Doe", Name = "Ten pumps", Custom = custom.ToDictionary(value => value.Key, value => value.Value),
        };

        var made = Command(Guid.CreateVersion7(), true, ("channel", "Fair"), ("worth", "12.50 GBP"));
        (await Ready(bus, made)).Provenance.ShouldContain(p => p.Field == "custom.worth" && p.Outcome == "set" && p.Value == "12.5 GBP");
        (await app.Rep.Get($"/api/opportunities/{made.OpportunityId}"))["custom"].GetProperty("channel").GetString().ShouldBe("Fair");

        var deal = await app.Deal(new { custom = new { channel = "Mine" } }, account);
        var joined = Command(deal.Id, false, ("channel", "Theirs"), ("worth", "7 EUR"));
        var ready = await Ready(bus, joined);
        ready.Provenance.ShouldContain(p => p.Field == "custom.channel" && p.Outcome == "kept" && p.Value == "Mine");
        ready.Provenance.ShouldContain(p => p.Field == "custom.worth" && p.Outcome == "filled");
        (await app.Rep.Get($"/api/opportunities/{deal.Id}"))["custom"].GetProperty("worth").GetProperty("amount").GetDecimal().ShouldBe(7);
        await bus.Publish(new UndoOpportunity { ConversionId = joined.ConversionId }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(bus.All<OpportunityUndone>().Any(m => m.ConversionId == joined.ConversionId)), "it is undone");
        var after = (await app.Rep.Get($"/api/opportunities/{deal.Id}"))["custom"];
        (after.GetProperty("channel").GetString(), after.TryGetProperty("worth", out _)).ShouldBe(("Mine", false));

        // What does not fit fails naming the field, also where it would only be filled in (C12).
        foreach (var (opportunity, create) in new[] { (Guid.CreateVersion7(), true), ((await app.Deal(null, account)).Id, false) })
        {
            var wrong = Command(opportunity, create, ("channel", "far too long for it"));
            await bus.Publish(wrong, TestUser.Rep);
            var refused = await Eventually.Get(() => Task.FromResult(bus.All<OpportunityRefused>().FirstOrDefault(m => m.ConversionId == wrong.ConversionId)), "it is refused");
            (refused.Status, refused.Violations.Single().Field).ShouldBe((422, "custom.channel"));
        }
    }

    private static async Task<OpportunityReady> Ready(TestBus bus, CreateOrAttachOpportunity command)
    {
        await bus.Publish(command, TestUser.Rep);
        return await Eventually.Get(() => Task.FromResult(bus.All<OpportunityReady>().FirstOrDefault(m => m.ConversionId == command.ConversionId)), "the step is done");
    }

    private async Task Define(object field) => (await app.Admin.Post("/api/opportunities/custom-fields", field)).ShouldBe(HttpStatusCode.Created);
}

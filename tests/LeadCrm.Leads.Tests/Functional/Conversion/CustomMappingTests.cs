using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using AccountsField = LeadCrm.Accounts.Contracts.CustomFieldChanged;
using OpportunitiesField = LeadCrm.Opportunities.Contracts.CustomFieldChanged;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Custom fields in the mapping of conversions (C11 to C14); on a service of its own, for mapping and fields are everybody's.</summary>
public sealed class CustomMappingTests(ConversionApp app) : IClassFixture<ConversionApp>
{
    private const string Path = "/api/leads/conversion-mapping";

    [Fact]
    public async Task C11k_custom_fields_feed_custom_and_standard_fields_of_all_three_records_and_one_may_feed_all_of_them()
    {
        await Define(new { key = "region", label = "Region", type = "pickList", options = new[] { new { value = "North" }, new { value = "South" } } });
        await Define(new { key = "seats", label = "Seats", type = "number", decimals = 2 });
        await Define(new { key = "worth", label = "Worth", type = "currency" });
        await Define(new { key = "topics", label = "Topics", type = "multiSelect", options = new[] { new { value = "a" }, new { value = "b" } } });
        var (account, contact, deal) = (await Known("account", "territory", "text", length: 255), await Known("contact", "area", "pickList", length: 255), await Known("opportunity", "where", "text", length: 255));
        var (seats, topics) = (await Known("account", "places", "number", decimals: 8), await Known("contact", "interests", "multiSelect", length: null));

        await Put(Body(
            rules:
            [
                Line("custom.region", "account", "custom.territory"), Line("custom.region", "contact", "custom.area"), Line("custom.region", "opportunity", "custom.where"),
                Line("custom.seats", "account", "custom.places"), Line("custom.topics", "contact", "custom.interests"), Line("custom.worth", "opportunity", "amount"),
            ],
            rates: [new { from = "GBP", to = "EUR", rate = 1.17m, asOf = "2026-03-01" }]));
        var lead = await app.NewLead(new
        {
            lastName = "Byron", company = "Engines",
            custom = new { region = "South", seats = 12.5, topics = new[] { "b", "a" }, worth = new { amount = 1000, currency = "GBP" } },
        });
        var answer = await app.Convert(lead, new { opportunity = new { currency = "EUR" } }, wait: 30);

        answer.State.ShouldBe("completed", answer.Body?.ToJsonString());
        var records = app.Participants.For(lead).Of<CreateAccountAndContact>().Single();
        records.Account.Custom.ShouldBe(new Dictionary<string, string> { ["territory"] = "South", ["places"] = "12.5" }, ignoreOrder: true);
        records.Contact.Custom.ShouldBe(new Dictionary<string, string> { ["area"] = "South", ["interests"] = "a;b" }, ignoreOrder: true);
        var opportunity = app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Single();
        opportunity.Custom.ShouldBe(new Dictionary<string, string> { ["where"] = "South" });
        (opportunity.Amount, opportunity.Currency, opportunity.WantedCurrency, opportunity.Rates!.Single().Rate).ShouldBe((1000m, "GBP", "EUR", 1.17m));   // C13: at the stamped rate
        answer.Body!["leftBehind"]!.AsArray().Select(left => left!["field"]!.GetValue<string>()).Where(field => field != "custom.caseNo").ShouldBeEmpty();   // which every lead has

        // Both the old and the new fields were held before the change, the new ones alone after it.
        await Eventually.Is(() => Task.FromResult(app.Participants.FieldUses.Any(told => Ids(told).Order().SequenceEqual(((Guid[])[account, contact, seats, topics]).Order()))), "Accounts was told of its fields");
        app.Participants.FieldUses.ShouldContain(told => Ids(told).SequenceEqual(new[] { deal }));
    }

    [Fact]
    public async Task C11l_types_lengths_and_pick_lists_of_custom_fields_are_checked_when_the_mapping_is_saved()
    {
        await Define(new { key = "story", label = "Story", type = "longText" });
        await Define(new { key = "name60", label = "Name 60", type = "text", maxLength = 60 });
        await Define(new { key = "caseNo", label = "Case no.", type = "autoNumber" });
        await Known("account", "short", "text", length: 50);
        await Known("account", "counted", "autoNumber", length: 60);
        await Known("account", "closed", "pickList", length: 255, restricted: true);
        await Known("account", "open", "pickList", length: 255, restricted: false);

        var wrong = await Put(Body(rules:
        [
            Line("custom.story", "account", "custom.short"), Line("custom.name60", "account", "custom.short"), Line("custom.name60", "account", "custom.counted"),
            Line("custom.name60", "account", "custom.closed"), Line("custom.nothing", "account", "custom.open"),
        ]), HttpStatusCode.UnprocessableEntity);
        wrong.Errors.ShouldBe(["rules[0]", "rules[1].field", "rules[1]", "rules[2].field", "rules[3]", "rules[4].leadField"], ignoreOrder: true);

        await Put(Body(rules: [Line("custom.name60", "account", "custom.open"), Line("custom.caseNo", "account", "type")]));
        await Put(Body());
    }

    [Fact]
    public async Task C12c_a_mapped_field_of_leads_can_neither_be_deleted_nor_retyped_nor_made_longer_until_it_is_unmapped()
    {
        var field = await Define(new { key = "held", label = "Held", type = "text", maxLength = 40 });
        await Put(Body(rules: [Line("custom.held", "contact", "department")]));

        (await Change(field, HttpMethod.Delete)).Problem.ShouldBe("custom-field-used");
        (await Change(field, HttpMethod.Patch, new { type = "number" })).Problem.ShouldBe("custom-field-used");
        var longer = await Change(field, HttpMethod.Patch, new { maxLength = 200 });
        longer.Body!["detail"]!.GetValue<string>().ShouldContain("lead “Held” to contact “Department”");

        await Put(Body());
        await Eventually.Is(async () => (await Change(field, HttpMethod.Delete)).Status == HttpStatusCode.NoContent, "it can be deleted");
    }

    [Fact]
    public async Task C12d_a_field_that_its_owner_no_longer_has_is_not_mapped_and_without_its_owner_nothing_is_changed()
    {
        var gone = await Known("account", "gone", "text", length: 255);
        app.Participants.Fields.TryRemove(gone, out _);
        var before = ETag(await Read());
        (await Put(Body(rules: [Line("timeframe", "account", "custom.gone")]), HttpStatusCode.UnprocessableEntity)).Errors.ShouldBe(["rules"]);

        app.Participants.FieldsDown = true;
        try
        {
            (await Put(Body(rules: [Line("timeframe", "opportunity", "type")]), HttpStatusCode.ServiceUnavailable)).Problem.ShouldBe("fields-unavailable");
        }
        finally
        {
            app.Participants.FieldsDown = false;
        }
        ETag(await Read()).ShouldBe(before);
    }

    [Fact]
    public async Task C14e_custom_values_that_no_line_carries_are_in_the_report_of_preview_and_answer()
    {
        await Define(new { key = "hobby", label = "Hobby", type = "text" });
        var lead = await app.NewLead(new { lastName = "Byron", company = "Engines", custom = new { hobby = "Whist" } });

        foreach (var body in new[] { (await app.Convert(lead, new { dryRun = true })).Body!, (await app.Convert(lead, wait: 30)).Body! })
            body["leftBehind"]!.AsArray().Select(left => $"{left!["field"]} ({left["label"]}): {left["value"]}").ShouldContain("custom.hobby (Hobby): Whist");
    }

    [Fact]
    public async Task C39g_an_override_gives_a_custom_field_a_value_as_its_type_says()
    {
        await Known("account", "opened", "date", length: null);
        await Known("contact", "place", "geolocation", length: null);
        var lead = await app.NewLead();
        var wrong = await app.Convert(lead, new { fieldOverrides = new Dictionary<string, object> { ["account"] = new Dictionary<string, object> { ["custom.opened"] = "some day" } } });
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Errors.ShouldBe(["fieldOverrides.account.custom.opened"]);

        await app.Convert(lead, new
        {
            fieldOverrides = new Dictionary<string, object>
            {
                ["account"] = new Dictionary<string, object> { ["custom.opened"] = "2026-03-31" }, ["contact"] = new Dictionary<string, object> { ["custom.place"] = new { lat = 51.5, lng = -0.1 } },
            },
        }, wait: 30);
        var records = app.Participants.For(lead).Of<CreateAccountAndContact>().Single();
        (records.Account.Custom!["opened"], records.Contact.Custom!["place"]).ShouldBe(("2026-03-31", "51.5,-0.1"));
    }

    [Fact]
    public async Task C8b_a_mapping_that_one_replica_changed_is_the_other_ones_at_once()
    {
        await using var replica = await app.StartReplica(withBroker: false);
        for (var round = 0; round < 3; round++)
        {
            var lead = await app.NewLead(new { lastName = "Byron", company = "Engines", timeframe = "Q3" });
            string[] Left(Answer preview) => [.. preview.Body!["leftBehind"]!.AsArray().Select(left => left!["field"]!.GetValue<string>()).Where(field => field == "timeframe")];
            Left(await app.Convert(lead, new { dryRun = true }, replica: replica)).ShouldBe(["timeframe"]);   // it has read the mapping

            await Put(Body(rules: [Line("timeframe", "opportunity", "type")]));
            // Well within the seconds for which the mapping is remembered; the news itself takes some milliseconds.
            await Eventually.Is(async () => Left(await app.Convert(lead, new { dryRun = true }, replica: replica)).Length == 0, "the other replica knows the line", TimeSpan.FromSeconds(2));
            await Put(Body());
            await Eventually.Is(async () => Left(await app.Convert(lead, new { dryRun = true }, replica: replica)).Length == 1, "and that it is gone", TimeSpan.FromSeconds(2));
        }
    }

    private static object Line(string leadField, string record, string field) => new { leadField, record, field };

    private static object Body(object[]? rules = null, object[]? rates = null) =>
        new { sourceToAccount = false, leadWithoutCompany = "nameAccountAfterPerson", rules = rules ?? [], rates = rates ?? [] };

    private static string ETag(JsonNode versioned) => $"\"{versioned["version"]}\"";

    private static IEnumerable<Guid> Ids(JsonObject told) => told["uses"]!.AsArray().Select(use => use!["fieldId"]!.GetValue<Guid>());

    private async Task<JsonNode> Read() => (await app.Get(Path)).Body!;

    private async Task<Answer> Put(object body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, Path) { Content = JsonContent.Create(body) };
        message.Headers.TryAddWithoutValidation("If-Match", ETag(await Read()));
        var answer = await Answer.Of(await app.As(TestUser.Admin).SendAsync(message));
        answer.Status.ShouldBe(expected, answer.Body?.ToJsonString());
        return answer;
    }

    private async Task<JsonNode> Define(object field)
    {
        var answer = await Answer.Of(await app.As(TestUser.Admin).PostAsJsonAsync("/api/leads/custom-fields", field));
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body?.ToJsonString());
        return answer.Body!;
    }

    private async Task<Answer> Change(JsonNode field, HttpMethod method, object? patch = null)
    {
        using var message = new HttpRequestMessage(method, $"/api/leads/custom-fields/{field["id"]}");
        if (patch is not null) message.Content = JsonContent.Create(patch, new MediaTypeHeaderValue("application/merge-patch+json"));
        message.Headers.TryAddWithoutValidation("If-Match", ETag(field));
        return await Answer.Of(await app.As(TestUser.Admin).SendAsync(message));
    }

    /// <summary>A custom field of another service: its owner has it, and an event has told of it.</summary>
    private async Task<Guid> Known(string record, string key, string type, int? length = null, int? decimals = null, bool restricted = false)
    {
        var id = Guid.CreateVersion7();
        object told = record == "opportunity"
            ? new OpportunitiesField { FieldId = id, Version = 1, RecordType = record, Key = key, Label = key, Type = type, MaxLength = length, Decimals = decimals, IsRestricted = restricted, Options = [] }
            : new AccountsField { FieldId = id, Version = 1, RecordType = record, Key = key, Label = key, Type = type, MaxLength = length, Decimals = decimals, IsRestricted = restricted, Options = [] };
        app.Participants.Fields[id] = JsonSerializer.SerializeToNode(told, told.GetType(), JsonSerializerOptions.Web)!.AsObject();
        await app.Participants.Say(told);
        await Eventually.Is(
            async () => (await Read())["recordFields"]!.AsArray().Any(field => field!["name"]!.GetValue<string>() == "custom." + key) || type == "autoNumber" && await IsKnown(id), $"the service knows {key}");
        return id;
    }

    private async Task<bool> IsKnown(Guid id) => await app.Database.Scalar<long>("select count(*) from known_custom_fields where id = $1", id) > 0;
}

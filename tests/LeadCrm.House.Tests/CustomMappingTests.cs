using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>Values of custom fields on their way from a lead to what it becomes, and back, with all services as they are (C11, C12, C13, C34, C35).</summary>
[Collection(nameof(InOneHouse))]
public sealed class CustomMappingTests(House house)
{
    private const string Mapping = "/api/leads/conversion-mapping";

    [Fact]
    public async Task C11m_custom_values_move_as_the_preview_says_and_an_undo_takes_them_back_and_what_is_mapped_stays_as_it_is()
    {
        var n = House.Next();
        (string Key, string Type) field = ($"area{n}", "text");
        var source = await Define(house.Leads, "leads", new { key = field.Key, label = $"Area {n}", type = "text", maxLength = 40 });
        var price = await Define(house.Leads, "leads", new { key = $"price{n}", label = $"Price {n}", type = "currency" });
        await Define(house.Leads, "leads", new { key = $"kind{n}", label = $"Kind {n}", type = "pickList", options = new[] { new { value = "New" } } });
        var onAccount = await Define(house.Accounts, "accounts", new { key = field.Key, label = $"Area {n}", type = "text", maxLength = 60 });
        await Define(house.Accounts, "contacts", new { key = field.Key, label = $"Area {n}", type = "longText" });
        await Define(house.Accounts, "accounts", new { key = $"kind{n}", label = $"Kind {n}", type = "pickList", options = new[] { new { value = "New" }, new { value = "Old" } }, defaultValue = "Old" });
        var onDeal = await Define(house.Opportunities, "opportunities", new { key = field.Key, label = $"Area {n}", type = "text" });
        var shipped = (await house.Leads.Get(Mapping))!;
        await Eventually.Is(async () => (await house.Leads.Get(Mapping))!["recordFields"]!.AsArray().Count(f => f!["name"]!.GetValue<string>() is var name && (name == "custom." + field.Key || name == $"custom.kind{n}")) == 4, "Leads knows the fields of the others");
        try
        {
            await Map(
                [("custom." + field.Key, "account", "custom." + field.Key), ("custom." + field.Key, "contact", "custom." + field.Key), ("custom." + field.Key, "opportunity", "custom." + field.Key),
                    ($"custom.kind{n}", "account", $"custom.kind{n}"), ($"custom.price{n}", "opportunity", "amount")],
                [("GBP", "EUR", 1.2m)]);

            // C12: as long as it is mapped, wherever it lives.
            foreach (var (room, records, id) in new[] { (house.Leads, "leads", source), (house.Accounts, "accounts", onAccount), (house.Opportunities, "opportunities", onDeal) })
            {
                (await Change(room, records, id, HttpMethod.Delete)).Expect(HttpStatusCode.Conflict).Problem.ShouldBe("custom-field-used");
                (await Change(room, records, id, HttpMethod.Patch, new { type = "longText" })).Expect(HttpStatusCode.Conflict).Problem.ShouldBe("custom-field-used");
            }
            (await Change(house.Leads, "leads", source, HttpMethod.Patch, new { maxLength = 61 })).Expect(HttpStatusCode.Conflict);
            (await Change(house.Accounts, "accounts", onAccount, HttpMethod.Patch, new { maxLength = 39 })).Expect(HttpStatusCode.Conflict);

            // A new account: the values of the lead, and the target's default where the lead's list is empty (C13).
            var custom = new JsonObject { [field.Key] = "North", [$"price{n}"] = new JsonObject { ["amount"] = 1000, ["currency"] = "GBP" } };
            var lead = await house.NewLead(more: new { custom });
            var request = new { opportunity = new { currency = "EUR" } };
            var before = await house.Snapshot();
            var preview = (await house.Leads.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { dryRun = true, request.opportunity })).Expect(HttpStatusCode.OK).Body!;
            var done = await house.Convert(lead, request);
            foreach (var told in (JsonNode[])[preview, done])
            {
                var provenance = told["provenance"]!.AsArray().Where(f => f!["field"]!.GetValue<string>().StartsWith("custom.", StringComparison.Ordinal) || f["field"]!.GetValue<string>() == "amount")
                    .Select(f => $"{f!["record"]}.{f["field"]} = {f["value"]} <- {f["from"]}");
                provenance.ShouldBe(
                [
                    $"account.custom.{field.Key} = North <- lead.custom.{field.Key}", $"account.custom.kind{n} = Old <- default", $"contact.custom.{field.Key} = North <- lead.custom.{field.Key}",
                    $"opportunity.amount = 1200.0 <- lead.custom.price{n}", $"opportunity.custom.{field.Key} = North <- lead.custom.{field.Key}",
                ], ignoreOrder: true, told.ToJsonString());
                told["provenance"]!.AsArray().Single(f => f!["field"]!.GetValue<string>() == "amount")!["original"]!.GetValue<string>().ShouldStartWith("1000 GBP, at 1.2 EUR");
            }
            (await house.Accounts.Get($"/api/accounts/{IdOf(done, "account")}"))!["custom"]!.ToJsonString().ShouldBe($$"""{"{{field.Key}}":"North","kind{{n}}":"Old"}""");
            (await house.Accounts.Get($"/api/contacts/{IdOf(done, "contact")}"))!["custom"]![field.Key]!.GetValue<string>().ShouldBe("North");
            (await house.Opportunities.Get($"/api/opportunities/{IdOf(done, "opportunity")}"))!["custom"]![field.Key]!.GetValue<string>().ShouldBe("North");
            await Undone(done, before);

            // Existing records: what is empty is filled, what says something is kept, and the undo empties it again (C10, C35).
            var account = (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Existing {n} Custom", custom = new JsonObject { [$"kind{n}"] = "New" } })).Expect(HttpStatusCode.Created).Id;
            var deal = (await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = $"Running {n}", accountId = account })).Expect(HttpStatusCode.Created).Id;
            lead = await house.NewLead(more: new { custom = new JsonObject { [field.Key] = "South", [$"kind{n}"] = "New" } });
            before = await house.Snapshot();
            done = await house.Convert(lead, new { account = new { mode = "existing", id = account }, opportunity = new { mode = "existing", id = deal } });
            (await house.Accounts.Get($"/api/accounts/{account}"))!["custom"]![field.Key]!.GetValue<string>().ShouldBe("South");
            (await house.Opportunities.Get($"/api/opportunities/{deal}"))!["custom"]![field.Key]!.GetValue<string>().ShouldBe("South");
            await Undone(done, before);
        }
        finally
        {
            await Put(shipped["rules"]!.DeepClone(), shipped["rates"]!.DeepClone());
        }
        // Unmapped, it can go: here at once, elsewhere as soon as its owner has heard of it.
        foreach (var (room, records, id) in new[] { (house.Leads, "leads", source), (house.Accounts, "accounts", onAccount), (house.Opportunities, "opportunities", onDeal), (house.Leads, "leads", price) })
            await Eventually.Is(async () => (await Change(room, records, id, HttpMethod.Delete)).Status == HttpStatusCode.NoContent, $"a field of {records} can be deleted");
    }

    [Fact]
    public async Task C11n_a_value_of_every_type_arrives_on_all_three_records_as_it_was_on_the_lead()
    {
        var n = House.Next();
        object[] options = [new { value = "New" }, new { value = "Old, but good" }];
        (string Type, object Settings, object? Value)[] types =
        [
            ("text", new { maxLength = 40 }, "North; \"South\", =1+1"), ("longText", new { }, "Two\nlines, \ttabbed"), ("number", new { decimals = 4 }, -1234.5678m),
            ("currency", new { }, new { amount = 1000.5m, currency = "GBP" }), ("percent", new { }, 12.5m), ("date", new { }, "2026-03-31"), ("dateTime", new { }, "2026-03-31T14:30:15.25+02:00"),
            ("checkbox", new { }, true), ("pickList", new { options }, "old, but good"), ("multiSelect", new { options }, new[] { "Old, but good", "New" }), ("email", new { }, "Ada.Byron@Example.com"),
            ("phone", new { }, "+49 30 1234567"), ("url", new { }, "example.com/a?b=c,d;e"), ("richText", new { }, "<p>Likes <strong>tea</strong> &amp; more</p>"),
            ("geolocation", new { }, new { lat = 53.55m, lng = -9.9912345678m }), ("lookup", new { lookupTarget = "user" }, TestUser.OtherRep.Id), ("autoNumber", new { }, null),
        ];
        foreach (var (type, settings, _) in types)
        {
            await Define(house.Leads, "leads", Field(type, type, settings));
            foreach (var (room, records) in new[] { (house.Accounts, "accounts"), (house.Accounts, "contacts"), (house.Opportunities, "opportunities") })
                await Define(room, records, type == "autoNumber" ? Field(type, "text", new { }) : Field(type, type, settings));
        }
        await Eventually.Is(async () => (await house.Leads.Get(Mapping))!["recordFields"]!.AsArray().Count(f => f!["name"]!.GetValue<string>().EndsWith($"_{n}", StringComparison.Ordinal)) == 3 * types.Length, "Leads knows the fields of the others");
        var shipped = (await house.Leads.Get(Mapping))!;
        await Map([.. types.SelectMany(one => new[] { "account", "contact", "opportunity" }.Select(record => ($"custom.{Key(one.Type)}", record, $"custom.{Key(one.Type)}")))], []);
        try
        {
            var lead = await house.NewLead(more: new { custom = types.Where(one => one.Value is not null).ToDictionary(one => Key(one.Type), one => one.Value) });
            var custom = Own((await house.Leads.Get($"/api/leads/{lead}"))!);
            custom.Count.ShouldBe(types.Length, custom.ToJsonString());

            var done = await house.Convert(lead);
            foreach (var (room, path, record) in new[] { (house.Accounts, "accounts", "account"), (house.Accounts, "contacts", "contact"), (house.Opportunities, "opportunities", "opportunity") })
            {
                var there = Own((await room.Get($"/api/{path}/{IdOf(done, record)}"))!);
                foreach (var (type, _, _) in types) JsonNode.DeepEquals(there[Key(type)], custom[Key(type)]).ShouldBeTrue($"{record}: {type} {custom[Key(type)]?.ToJsonString()} arrived as {there[Key(type)]?.ToJsonString()}");
            }
        }
        finally
        {
            await Put(shipped["rules"]!.DeepClone(), shipped["rates"]!.DeepClone());
        }

        string Key(string type) => $"{type.ToLowerInvariant()}_{n}";

        JsonObject Own(JsonNode record) => new(record["custom"]!.AsObject().Where(value => value.Key.EndsWith($"_{n}", StringComparison.Ordinal)).Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())));

        JsonObject Field(string of, string type, object settings)
        {
            var field = System.Text.Json.JsonSerializer.SerializeToNode(settings, System.Text.Json.JsonSerializerOptions.Web)!.AsObject();
            (field["key"], field["label"], field["type"]) = (Key(of), $"{of} {n}", type);
            return field;
        }
    }

    [Fact]
    public async Task C12g_a_value_that_its_target_does_not_take_fails_naming_the_field_and_nothing_is_written()
    {
        var n = House.Next();
        await Define(house.Leads, "leads", new { key = $"code{n}", label = $"Code {n}", type = "text", maxLength = 10 });
        var target = await Define(house.Accounts, "accounts", new { key = $"code{n}", label = $"Code {n}", type = "text", maxLength = 10 });
        await Eventually.Is(async () => (await house.Leads.Get(Mapping))!["recordFields"]!.AsArray().Any(f => f!["name"]!.GetValue<string>() == $"custom.code{n}"), "Leads knows the field");
        var shipped = (await house.Leads.Get(Mapping))!;
        await Map([($"custom.code{n}", "account", $"custom.code{n}")], []);
        try
        {
            // As if the definition had been tightened behind everybody's back: what the mapping promises, its owner checks all the same.
            await house.Accounts.Database.Execute("update platform.custom_fields set settings = '{\"maxLength\": 3}' where id = $1", target);
            await house.Accounts.Database.Execute("update platform.custom_field_generation set generation = generation + 1");
            var account = (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Short {n} Code" })).Expect(HttpStatusCode.Created).Id;
            var lead = await house.NewLead(more: new { custom = new JsonObject { [$"code{n}"] = "TooLong" } });
            foreach (var request in (object[])[new { }, new { account = new { mode = "existing", id = account } }])
                await Eventually.Is(async () =>
                {
                    var refused = await house.Leads.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", With(request, "dryRun"));
                    return refused.Body!["errors"]![$"account.custom.code{n}"] is not null;
                }, "the conversion would be refused by field");
            var answer = (await house.Leads.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, null, ("Prefer", "wait=60"))).Expect(HttpStatusCode.UnprocessableEntity);
            answer.Body!["errors"]![$"account.custom.code{n}"]!.ToJsonString().ShouldContain("Too long");
            (await house.Leads.Get($"/api/leads/{lead}"))!["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        }
        finally
        {
            await Put(shipped["rules"]!.DeepClone(), shipped["rates"]!.DeepClone());
        }
    }

    private async Task Undone(JsonNode conversion, IReadOnlyDictionary<string, string> before)
    {
        await Eventually.Is(async () => (await house.Undo(IdOf(conversion), new { dryRun = true })).Body!["status"]!.GetValue<int>() == 202, "it can be undone");
        (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!["state"]!.GetValue<string>().ShouldBe("undone");
        await Eventually.Is(async () => (await house.Snapshot())["leads"] == before["leads"], "the lead is what it was");
        foreach (var table in (string[])["accounts", "contacts", "opportunities"]) (await house.Snapshot())[table].ShouldBe(before[table], table);
    }

    private static JsonObject With(object request, string flag)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(request)!.AsObject();
        body[flag] = true;
        return body;
    }

    private static Guid IdOf(JsonNode conversion, string? record = null) => (record is null ? conversion["conversionId"] : conversion[record]!["id"])!.GetValue<Guid>();

    private static async Task<Guid> Define(Room room, string records, object field) =>
        (await room.Send(HttpMethod.Post, $"/api/{records}/custom-fields", field, TestUser.Admin)).Expect(HttpStatusCode.Created).Id;

    private static Task<Answer> Change(Room room, string records, Guid id, HttpMethod method, object? patch = null) =>
        room.Change(method, $"/api/{records}/custom-fields/{id}", patch, user: TestUser.Admin);

    private Task Map((string LeadField, string Record, string Field)[] rules, (string From, string To, decimal Rate)[] rates) => Put(
        new JsonArray([.. rules.Select(rule => new JsonObject { ["leadField"] = rule.LeadField, ["record"] = rule.Record, ["field"] = rule.Field })]),
        new JsonArray([.. rates.Select(rate => new JsonObject { ["from"] = rate.From, ["to"] = rate.To, ["rate"] = rate.Rate, ["asOf"] = "2026-03-01" })]));

    private async Task Put(JsonNode rules, JsonNode rates) => (await house.Leads.Change(HttpMethod.Put, Mapping, new JsonObject
    {
        ["sourceToAccount"] = false, ["leadWithoutCompany"] = "nameAccountAfterPerson", ["rules"] = rules, ["rates"] = rates,
    }, user: TestUser.Admin)).Expect(HttpStatusCode.OK);
}

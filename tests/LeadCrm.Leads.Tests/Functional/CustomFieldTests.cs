using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Custom fields of leads as an administrator defines them and everybody fills them (LD4); on a service of its own.</summary>
public sealed class CustomFieldTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin), rep = app.As(TestUser.Rep);

    [Fact]
    public async Task LD4a_a_field_is_there_without_a_deployment_and_its_value_comes_back_normalised()
    {
        var field = await Define(new { label = "Billing e-mail", type = "email" });
        field["key"].ShouldBe("billingEMail");

        var lead = await rep.CreateLead(With(("billingEMail", "Ada@Example.ORG")));
        Value(lead, "billingEMail").ShouldBe("ada@example.org");
        Value(await rep.Get($"/api/leads/{lead.Id}"), "billingEMail").ShouldBe("ada@example.org");
    }

    [Fact]
    public async Task LD4a_only_who_may_set_up_defines_fields_and_everybody_who_reads_leads_reads_them()
    {
        (await rep.Post("/api/leads/custom-fields", new { label = "Mine", type = "text" })).ShouldBe(HttpStatusCode.Forbidden);
        await Define(new { key = "readable", label = "Readable", type = "text" });
        var all = (await rep.Get("/api/leads/custom-fields")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray();
        all.ShouldContain(f => f!["key"]!.ToString() == "readable");
    }

    [Theory]
    [InlineData("""{ "label": "", "type": "text" }""", "label")]
    [InlineData("""{ "label": "No type" }""", "type")]
    [InlineData("""{ "label": "Odd key", "key": "9lives", "type": "text" }""", "key")]
    [InlineData("""{ "label": "Injected", "key": "a'; drop table leads; --", "type": "text" }""", "key")]
    [InlineData("""{ "label": "No options", "type": "pickList" }""", "options")]
    [InlineData("""{ "label": "Twice", "type": "pickList", "options": [{ "value": "A" }, { "value": "a" }] }""", "options")]
    [InlineData("""{ "label": "Options of a number", "type": "number", "options": [{ "value": "A" }] }""", "options")]
    [InlineData("""{ "label": "Range", "type": "number", "min": 5, "max": 1 }""", "min")]
    [InlineData("""{ "label": "Nowhere", "type": "lookup", "lookupTarget": "spaceship" }""", "lookupTarget")]
    [InlineData("""{ "label": "Format", "type": "autoNumber", "numberFormat": "INV" }""", "numberFormat")]
    [InlineData("""{ "label": "Unique story", "type": "longText", "isUnique": true }""", "isUnique")]
    [InlineData("""{ "label": "Wrong default", "type": "number", "defaultValue": "many" }""", "defaultValue")]
    [InlineData("""{ "label": "Out of range", "type": "number", "max": 10, "defaultValue": 11 }""", "defaultValue")]
    public async Task LD4b_a_definition_that_makes_no_sense_is_refused_by_field(string definition, string field) =>
        (await admin.Post("/api/leads/custom-fields", JsonNode.Parse(definition)!)).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors(field).ShouldNotBeEmpty();

    [Fact]
    public async Task LD4b_two_fields_of_one_key_or_label_are_refused()
    {
        await Define(new { key = "twin", label = "Twin", type = "text" });
        var again = await admin.Post("/api/leads/custom-fields", new { key = "twin", label = "twin", type = "text" });
        again.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("key").ShouldNotBeEmpty();
        again.Errors("label").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task LD4c_an_unknown_field_is_refused_by_name_and_a_wrong_value_too()
    {
        await Define(new { key = "age", label = "Age", type = "number", decimals = 0, min = 18 });
        (await rep.Post("/api/leads", With(("shoeSize", 42)))).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.shoeSize").ShouldContain("shoeSize");
        (await rep.Post("/api/leads", With(("age", 17)))).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.age").ShouldContain("18");
        (await rep.Post("/api/leads", With(("age", "forty")))).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.age").ShouldContain("number");
    }

    [Fact]
    public async Task LD4c_a_patch_changes_the_keys_it_names_null_clears_and_the_rest_stays()
    {
        await Define(new { key = "colour", label = "Colour", type = "text" });
        await Define(new { key = "price", label = "Price", type = "currency" });
        var lead = await rep.CreateLead(With(("colour", "red"), ("price", JsonNode.Parse("""{ "amount": 12.50, "currency": "usd" }"""))));
        lead.Body!["custom"]!["price"]!.ToJsonString().ShouldBe("""{"amount":12.5,"currency":"USD"}""");

        var changed = (await rep.Patch($"/api/leads/{lead.Id}", new { custom = new { price = new { amount = 13 } } }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
        changed.Body!["custom"]!["price"]!["currency"]!.ToString().ShouldBe("USD");
        Value(changed, "colour").ShouldBe("red");
        var cleared = (await rep.Patch($"/api/leads/{lead.Id}", new { custom = new { colour = (string?)null } }, changed.ETag)).ShouldBe(HttpStatusCode.OK);
        cleared.Body!["custom"]!.AsObject().ContainsKey("colour").ShouldBeFalse();
    }

    [Fact]
    public async Task LD4d_a_default_is_filled_in_and_an_explicit_null_is_not()
    {
        await Define(new { key = "tier", label = "Tier", type = "pickList", options = new[] { new { value = "Gold" }, new { value = "Silver" } }, defaultValue = "silver" });
        Value(await rep.CreateLead(With()), "tier").ShouldBe("Silver");
        Value(await rep.CreateLead(With(("tier", null))), "tier").ShouldBeNull();
        Value(await rep.CreateLead(With(("tier", "GOLD"))), "tier").ShouldBe("Gold");
    }

    [Fact]
    public async Task LD4e_every_change_is_in_the_history_by_key()
    {
        await Define(new { key = "mood", label = "Mood", type = "text" });
        var lead = await rep.CreateLead(With(("mood", "calm")));
        await rep.Patch($"/api/leads/{lead.Id}", new { custom = new { mood = "merry" } }, lead.ETag);

        var entries = (await rep.Get($"/api/leads/{lead.Id}/history")).Body!["items"]!.AsArray();
        var change = entries[0]!["changes"]!["custom.mood"]!;
        (change["old"]!.ToString(), change["new"]!.ToString()).ShouldBe(("calm", "merry"));
        entries[1]!["changes"]!["custom.mood"]!["new"]!.ToString().ShouldBe("calm");
    }

    [Fact]
    public async Task LD4f_numbers_are_given_in_order_and_cannot_be_written()
    {
        await Define(new { key = "caseNo", label = "Case no.", type = "autoNumber", numberFormat = "C-{0000}", startsAt = 7 });
        var first = await rep.CreateLead(With());
        Value(first, "caseNo").ShouldBe("C-0007");
        Value(await rep.CreateLead(With()), "caseNo").ShouldBe("C-0008");
        (await rep.Post("/api/leads", With(("caseNo", "C-0001")))).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.caseNo").ShouldNotBeEmpty();
        (await rep.Patch($"/api/leads/{first.Id}", new { custom = (object?)null }, first.ETag)).ShouldBe(HttpStatusCode.OK).Body!["custom"]!["caseNo"]!.ToString().ShouldBe("C-0007");
        await Forget("caseNo");
    }

    [Fact]
    public async Task LD4g_of_many_parallel_creates_with_one_unique_value_exactly_one_wins()
    {
        await Define(new { key = "taxId", label = "Tax id", type = "text", isUnique = true });
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => rep.Post("/api/leads", With(("taxId", i % 2 == 0 ? "DE123" : "de123")))));

        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.Status != HttpStatusCode.Created)) refused.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.taxId").ShouldContain("Another record");
    }

    [Fact]
    public async Task LD4g_a_deleted_record_keeps_its_unique_value_until_it_is_purged_and_a_cleared_one_is_free()
    {
        await Define(new { key = "licence", label = "Licence", type = "text", isUnique = true });
        var first = await rep.CreateLead(With(("licence", "L1")));
        (await admin.Delete($"/api/leads/{first.Id}", first.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await rep.Post("/api/leads", With(("licence", "L1")))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        var restored = (await admin.Post($"/api/leads/{first.Id}/restore")).ShouldBe(HttpStatusCode.OK);
        Value(restored, "licence").ShouldBe("L1");

        await admin.Patch($"/api/leads/{first.Id}", new { custom = new { licence = (string?)null } }, restored.ETag);
        var second = await rep.CreateLead(With(("licence", "L1")));
        await admin.Delete($"/api/leads/{second.Id}", second.ETag);
        await app.Database.Execute("update leads set deleted_at = now() - interval '31 days' where id = $1", Guid.Parse(second.Id));
        await Eventually.Is(async () => (await rep.Post("/api/leads", With(("licence", "L1")))).Status == HttpStatusCode.Created, "a purged record's value is free");
    }

    [Fact]
    public async Task LD4h_a_field_is_made_required_or_unique_only_when_the_values_allow_it()
    {
        await rep.CreateLead(); // one without a value: otherwise nothing speaks against "required", and every test after this one meets a required field
        var field = await Define(new { key = "segment", label = "Segment", type = "text" });
        var (one, two) = (await rep.CreateLead(With(("segment", "A"))), await rep.CreateLead(With(("segment", "A"))));

        var required = await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { isRequired = true }, field.ETag);
        required.ShouldBe(HttpStatusCode.UnprocessableEntity, "custom-values-missing");
        int.Parse(required["count"]!).ShouldBeGreaterThan(0);
        var unique = await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { isUnique = true }, field.ETag);
        unique.ShouldBe(HttpStatusCode.UnprocessableEntity, "custom-values-not-unique");
        unique.Body!["examples"]![0]!.ToString().ShouldBe("a (2 times)");

        await rep.Patch($"/api/leads/{two.Id}", new { custom = new { segment = "B" } }, two.ETag);
        (await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { isUnique = true }, field.ETag)).ShouldBe(HttpStatusCode.OK);
        (await rep.Post("/api/leads", With(("segment", "b")))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await rep.Get($"/api/leads/{one.Id}")).Body!["custom"]!["segment"]!.ToString().ShouldBe("A");
    }

    [Fact]
    public async Task LD4h_a_type_changes_only_when_every_value_fits_and_then_they_are_of_the_new_type()
    {
        var field = await Define(new { key = "seats", label = "Seats", type = "text" });
        var (good, bad) = (await rep.CreateLead(With(("seats", "12.50"))), await rep.CreateLead(With(("seats", "a dozen"))));
        var refused = await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { type = "number" }, field.ETag);
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity, "custom-values-do-not-fit");
        refused["count"].ShouldBe("1");
        refused.Body!["examples"]![0]!.ToString().ShouldStartWith(bad.Id);

        await rep.Patch($"/api/leads/{bad.Id}", new { custom = new { seats = "12" } }, bad.ETag);
        (await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { type = "number" }, field.ETag)).ShouldBe(HttpStatusCode.OK);
        (await rep.Get($"/api/leads/{good.Id}")).Body!["custom"]!["seats"]!.ToJsonString().ShouldBe("12.5");
        (await rep.Get("/api/leads?custom.seats[gt]=12.1")).Body!["items"]!.AsArray().Select(i => i!["id"]!.ToString()).ShouldBe([good.Id]);
    }

    [Fact]
    public async Task LD4i_a_deleted_field_is_gone_at_once_keeps_its_values_and_comes_back_with_them()
    {
        var field = await Define(new { key = "legacy", label = "Legacy", type = "text" });
        var lead = await rep.CreateLead(With(("legacy", "kept")));
        (await admin.Delete($"/api/leads/custom-fields/{field.Id}", null)).ShouldBe((HttpStatusCode)428, "if-match-required");
        (await admin.Delete($"/api/leads/custom-fields/{field.Id}", "\"99\"")).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await admin.Delete($"/api/leads/custom-fields/{field.Id}", field.ETag)).ShouldBe(HttpStatusCode.NoContent);

        var hidden = await rep.Get($"/api/leads/{lead.Id}");
        Value(hidden, "legacy").ShouldBeNull();
        (await rep.Get("/api/leads?custom.legacy=kept")).ShouldBe(HttpStatusCode.BadRequest);
        (await rep.Patch($"/api/leads/{lead.Id}", new { title = "Edited meanwhile" }, hidden.ETag)).ShouldBe(HttpStatusCode.OK);
        (await admin.Post("/api/leads/custom-fields", new { key = "legacy", label = "New legacy", type = "number" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("key").ShouldContain("Undelete");

        (await admin.Post($"/api/leads/custom-fields/{field.Id}/undelete")).ShouldBe(HttpStatusCode.OK);
        Value(await rep.Get($"/api/leads/{lead.Id}"), "legacy").ShouldBe("kept");
    }

    [Fact]
    public async Task LD4i_a_field_deleted_31_days_ago_is_purged_with_its_values()
    {
        var field = await Define(new { key = "shortLived", label = "Short-lived", type = "text", isUnique = true });
        var lead = await rep.CreateLead(With(("shortLived", "x")));
        await admin.Delete($"/api/leads/custom-fields/{field.Id}", field.ETag);
        await app.Database.Execute("update platform.custom_fields set deleted_at = now() - interval '31 days' where id = $1", Guid.Parse(field.Id));
        await app.Database.Execute("update platform.custom_field_generation set generation = generation + 1");

        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from platform.custom_fields where id = $1", Guid.Parse(field.Id)) == 0, "the definition is purged");
        (await app.Database.Scalar<bool>("select coalesce(custom ? 'shortLived', false) from leads where id = $1", Guid.Parse(lead.Id))).ShouldBeFalse();
        (await app.Database.Scalar<long>("select count(*) from platform.custom_field_values where field_id = $1", Guid.Parse(field.Id))).ShouldBe(0);
    }

    [Fact]
    public async Task C12a_a_field_that_is_relied_on_can_neither_be_deleted_nor_change_its_type()
    {
        var field = await Define(new { key = "mapped", label = "Mapped", type = "text" });
        using var other = app.Internal();
        object Use(string detail) => new { uses = new[] { new { fieldId = field.Id, side = "source", detail } } };
        var held = (await other.Put("/internal/custom-fields/uses/mapping", Use("the conversion mapping: lead “Mapped” to account “Region”"))).ShouldBe(HttpStatusCode.OK);
        held.Body!["fields"]!.AsArray().ShouldHaveSingleItem()!["key"]!.ToString().ShouldBe("mapped");

        var refused = (await admin.Delete($"/api/leads/custom-fields/{field.Id}", field.ETag)).ShouldBe(HttpStatusCode.Conflict, "custom-field-used");
        refused["detail"]!.ShouldContain("the conversion mapping");
        (await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { type = "number" }, field.ETag)).ShouldBe(HttpStatusCode.Conflict, "custom-field-used");
        (await admin.Patch($"/api/leads/custom-fields/{field.Id}", new { label = "Still mapped" }, field.ETag)).ShouldBe(HttpStatusCode.OK);

        (await other.Put("/internal/custom-fields/uses/mapping", new { uses = Array.Empty<object>() })).ShouldBe(HttpStatusCode.OK);
        (await admin.Delete($"/api/leads/custom-fields/{field.Id}", "\"2\"")).ShouldBe(HttpStatusCode.NoContent);
        (await other.Put("/internal/custom-fields/uses/mapping", Use("too late"))).ShouldBe(HttpStatusCode.OK).Body!["fields"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task C12b_what_is_read_from_a_field_does_not_become_more_nor_what_a_field_takes_less_while_somebody_relies_on_it()
    {
        var (read, written) = (await Define(new { key = "read", label = "Read", type = "text", maxLength = 50 }), await Define(new { key = "written", label = "Written", type = "number", decimals = 2 }));
        using var other = app.Internal();
        (await other.Put("/internal/custom-fields/uses/both", new
        {
            uses = new[] { new { fieldId = read.Id, side = "source", detail = "a reader" }, new { fieldId = written.Id, side = "target", detail = "a writer" } },
        })).ShouldBe(HttpStatusCode.OK);

        (await admin.Patch($"/api/leads/custom-fields/{read.Id}", new { maxLength = 51 }, read.ETag)).ShouldBe(HttpStatusCode.Conflict, "custom-field-used");
        var shorter = (await admin.Patch($"/api/leads/custom-fields/{read.Id}", new { maxLength = 40 }, read.ETag)).ShouldBe(HttpStatusCode.OK);
        (await admin.Patch($"/api/leads/custom-fields/{written.Id}", new { decimals = 1 }, written.ETag)).ShouldBe(HttpStatusCode.Conflict, "custom-field-used");
        (await admin.Patch($"/api/leads/custom-fields/{written.Id}", new { decimals = 3 }, written.ETag)).ShouldBe(HttpStatusCode.OK);

        (await other.Put("/internal/custom-fields/uses/both", new { uses = Array.Empty<object>() })).ShouldBe(HttpStatusCode.OK);
        (await admin.Patch($"/api/leads/custom-fields/{read.Id}", new { maxLength = 255 }, shorter.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LD4j_a_definition_is_announced_in_full_and_offered_in_the_feed()
    {
        var field = await Define(new { key = "announced", label = "Announced", type = "multiSelect", options = new[] { new { value = "A" }, new { value = "B" } } });
        using var other = app.Internal();
        var feed = (await other.Get("/internal/custom-fields/changes")).ShouldBe(HttpStatusCode.OK).Body!["records"]!.AsArray();
        var state = feed.Single(f => f!["fieldId"]!.ToString() == field.Id)!;
        (state["recordType"]!.ToString(), state["key"]!.ToString(), state["type"]!.ToString(), state["options"]!.ToJsonString()).ShouldBe(("lead", "announced", "multiSelect", """["A","B"]"""));
    }

    [Fact]
    public async Task LD4k_bulk_lines_carry_custom_values_and_a_taken_one_spoils_only_its_line()
    {
        await Define(new { key = "serial", label = "Serial", type = "text", isUnique = true });
        var lines = string.Join('\n', ((string[])["S1", "S2", "S1"]).Select(serial => new JsonObject
        {
            ["op"] = "create", ["record"] = new JsonObject { ["lastName"] = "Bulk", ["company"] = "Bulk", ["custom"] = new JsonObject { ["serial"] = serial } },
        }.ToJsonString()).Append("""{ "op": "create", "record": { "lastName": "Bulk", "company": "Bulk", "custom": { "nothing": 1 } } }"""));
        using var content = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        var results = (await admin.Send(HttpMethod.Post, "/api/leads/bulk", content)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        results.ConvertAll(r => (int)r["status"]!).ShouldBe([201, 201, 422, 422]);
        results[2]["problem"]!["errors"]!["custom.serial"].ShouldNotBeNull();
        results[3]["problem"]!["errors"]!["custom.nothing"].ShouldNotBeNull();
    }

    [Fact]
    public async Task LD4l_a_lookup_points_only_to_what_is_there()
    {
        await Define(new { key = "partner", label = "Partner", type = "lookup", lookupTarget = "lead" });
        var partner = await rep.CreateLead();
        Value(await rep.CreateLead(With(("partner", partner.Id))), "partner").ShouldBe(partner.Id);
        (await rep.Post("/api/leads", With(("partner", Guid.NewGuid().ToString())))).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("custom.partner").ShouldContain("lead");
    }

    internal static object With(params (string Key, JsonNode? Value)[] custom) => new
    {
        lastName = "Byron", company = "Analytical Engines", custom = new JsonObject(custom.Select(c => KeyValuePair.Create(c.Key, c.Value?.DeepClone()))),
    };

    internal static string? Value(Answer lead, string key) => lead.Body!["custom"]![key]?.ToString();

    private async Task<Answer> Define(object field) => (await admin.Post("/api/leads/custom-fields", field)).ShouldBe(HttpStatusCode.Created);

    private async Task Forget(string key)
    {
        var field = (await admin.Get("/api/leads/custom-fields")).Body!["items"]!.AsArray().Single(f => f!["key"]!.ToString() == key)!;
        (await admin.Delete($"/api/leads/custom-fields/{field["id"]}", $"\"{field["version"]}\"")).ShouldBe(HttpStatusCode.NoContent);
    }
}

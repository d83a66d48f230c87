using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>Forms as people set them up.</summary>
public sealed class FormTests(CaptureApp app)
{
    [Fact]
    public async Task WL1a_a_form_has_a_public_key_fields_defaults_and_dates_and_keeps_its_history()
    {
        var form = await app.Form(new { title = "Talk to us", source = "Web", activeFrom = "2020-01-01", activeUntil = "2099-12-31" });
        form.Key.Length.ShouldBe(16);
        var read = (await app.Admin.Get($"/api/capture/forms/{form.Id}")).ShouldBe(HttpStatusCode.OK);
        read.ETag.ShouldBe("\"1\"");
        read.Json["fields"]!.AsArray().Select(f => f!["name"]!.GetValue<string>()).ShouldBe(["firstName", "lastName", "email", "company", "phone", "description"]);

        (await app.Change(form, new { title = "Write to us" })).ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        (await app.Change(form, new { title = "Late" })).ShouldBe(HttpStatusCode.PreconditionFailed, "stale-version");
        var history = (await app.Admin.Get($"/api/capture/forms/{form.Id}/history")).Json["items"]!.AsArray();
        var change = history[0]!["changes"]!.AsObject().ShouldHaveSingleItem();
        (change.Key, change.Value!["old"]!.ToString(), change.Value["new"]!.ToString()).ShouldBe(("title", "Talk to us", "Write to us"));
        history[0]!["actorId"]!.GetValue<Guid>().ShouldBe(TestUser.Admin.Id);
    }

    [Theory]
    [InlineData("""{ "isActive": false }""")]
    [InlineData("""{ "activeUntil": "2020-01-01" }""")]
    [InlineData("""{ "activeFrom": "2099-01-01" }""")]
    public async Task WL1b_a_form_that_is_not_open_shows_that_and_takes_nothing(string values)
    {
        var form = await app.Form(JsonSerializer.Deserialize<JsonElement>(values));
        (await app.Anonymous().Get(form.Path)).ShouldBe(HttpStatusCode.Gone).Text.ShouldContain("This form is closed");
        (await app.SendJson(form, new { lastName = "Byron", company = "Engines" })).ShouldBe(HttpStatusCode.Gone, "form-closed");
        (await app.Database.Scalar<long>("select count(*) from submissions where form_id = $1", form.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task WL1c_where_its_leads_go_is_checked_with_who_owns_it()
    {
        async Task Refused(string field, object values)
        {
            var body = JsonSerializer.SerializeToNode(values)!.AsObject();
            (body["name"], body["fields"]) = ("Contact", JsonSerializer.SerializeToNode(Requests.UsualFields));
            var answer = (await app.Admin.Send(HttpMethod.Post, "/api/capture/forms", JsonContent.Create(body))).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation");
            answer.Json["errors"]![field].ShouldNotBeNull(answer.Text);
        }

        await Refused("ownerId", new { ownerId = Guid.NewGuid() });
        await Refused("queueId", new { queueId = Guid.NewGuid() });
        await Refused("queueId", new { queueId = Guid.NewGuid(), ownerId = TestUser.Rep.Id });
        await Refused("memberStatusId", new { memberStatusId = Guid.NewGuid() });
        await Refused("returnUrls[0]", new { returnUrls = new[] { "javascript:alert(1)" } });
        await Refused("frameAncestors[0]", new { frameAncestors = new[] { "https://example.com; script-src *" } });
        await Refused("frameAncestors[0]", new { frameAncestors = new[] { "https://example.com/path" } });
        await Refused("minimumSeconds", new { minimumSeconds = -1 });
        await Refused("consent.text", new { consent = new { purpose = "newsletter", text = " " } });
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[null]""")]
    [InlineData("""[{ "name": "email" }]""")]
    [InlineData("""[{ "name": "lastName" }]""")]
    [InlineData("""[{ "name": "lastName" }, { "name": "email" }, { "name": "ownerId" }]""")]
    [InlineData("""[{ "name": "lastName" }, { "name": "email" }, { "name": "email" }]""")]
    [InlineData("""[{ "name": "lastName" }, { "name": "email" }, { "name": "country", "options": ["GB", "GB"] }]""")]
    [InlineData("""[{ "name": "lastName" }, { "name": "email" }, { "name": "country", "options": ["GB"], "defaultValue": "FR" }]""")]
    public async Task WL2a_a_form_without_a_last_name_or_with_fields_that_are_not_the_publics_is_refused(string fields)
    {
        var body = new { name = "Contact", fields = JsonSerializer.Deserialize<JsonElement>(fields) };
        (await app.Admin.Send(HttpMethod.Post, "/api/capture/forms", JsonContent.Create(body))).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation");
    }

    [Fact]
    public async Task Every_field_that_a_form_may_ask_for_arrives_at_the_lead()
    {
        var fields = (await app.Admin.Get("/api/capture/forms/fields")).Json.AsArray();
        var form = await app.Form(new { fields = fields.Select(f => new { name = f!["name"]!.GetValue<string>() }) });
        var values = fields.ToDictionary(f => f!["name"]!.GetValue<string>(), f => f!["name"]!.GetValue<string>() switch
        {
            "email" => "ada@analytical.example", "phone" or "mobile" => "+44 20 7946 0000", "country" => "GB", "revenueCurrency" or "budgetCurrency" => "GBP",
            "annualRevenue" or "budget" or "employees" => "12", "website" or "personalProfiles.linkedIn" or "companyProfiles.linkedIn" => "https://analytical.example/a", _ => "Text",
        });
        var lead = await app.Lead((await app.SendJson(form, values)).ShouldBe(HttpStatusCode.Accepted).ReceiptId);
        foreach (var name in values.Keys)
            name.Split('.').Aggregate((System.Text.Json.Nodes.JsonNode?)lead, (node, step) => node?[step]).ShouldNotBeNull($"{name} is not at the lead");
    }

    [Fact]
    public async Task Only_who_may_set_up_makes_forms_and_only_who_may_import_sees_submissions()
    {
        var marketer = TestUser.With("leads.import");
        await app.Know(marketer);
        (await app.As(marketer).Get("/api/capture/forms")).ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(marketer).Get("/api/capture/submissions")).ShouldBe(HttpStatusCode.OK);
        (await app.As(TestUser.Rep).Get("/api/capture/submissions")).ShouldBe(HttpStatusCode.Forbidden);
    }
}

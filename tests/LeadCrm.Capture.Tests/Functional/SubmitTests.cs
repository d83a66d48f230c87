using System.Net;
using System.Net.Http.Json;
using System.Text;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>What the public sends, and that it counts once.</summary>
public sealed class SubmitTests(CaptureApp app)
{
    [Fact]
    public async Task WL2c_a_last_name_and_a_company_or_an_e_mail_are_demanded_and_the_e_mail_is_validated()
    {
        var form = await app.Form();
        async Task<string[]> Wrong(object values) =>
            [.. (await app.SendJson(form, values)).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation").Json["errors"]!.AsObject().Select(e => e.Key)];

        (await Wrong(new { })).ShouldBe(["email", "lastName"], ignoreOrder: true);
        (await Wrong(new { lastName = "Byron" })).ShouldBe(["email"]);
        (await Wrong(new { lastName = " ", company = "Engines" })).ShouldBe(["lastName"]);
        foreach (var email in (string[])["ada", "ada@", "@engines.example", "a b@engines.example", "ada@engines..example", "ada@-engines.example", "ada@engines.example\nBcc: all@example.com"])
            (await Wrong(new { lastName = "Byron", email })).ShouldBe(["email"], email);
        (await Wrong(new { lastName = new string('x', 101), company = "Engines" })).ShouldBe(["lastName"]);
        (await Wrong(new { lastName = "Nul\0", company = "Engines" })).ShouldBe(["lastName"]);
        (await app.SendJson(form, new { lastName = "Byron", email = "ADA@engines.example" })).ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task WL3_fields_outside_the_list_are_ignored_and_logged_by_name()
    {
        var form = await app.Form();
        var receipt = (await app.SendJson(form, new { lastName = "Grabby", company = "Engines", ownerId = TestUser.Rep.Id, status = "Qualified", score = 100, mobile = "123", source = "Mine", secretValue = "hidden words" })).ReceiptId;
        var lead = await app.Lead(receipt);
        (lead["ownerId"], lead["mobile"], lead["source"]).ShouldBe((null, null, null));
        lead["status"]!.ToJsonString().ShouldNotContain("Qualified");
        (await app.Submission(receipt))["ignoredFields"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["ownerId", "status", "score", "mobile", "source", "secretValue"], ignoreOrder: true);
        app.Log.ShouldContain("secretValue");
        app.Log.ShouldNotContain("hidden words");
    }

    [Fact]
    public async Task WL6a_parallel_twins_are_one_submission_and_one_lead()
    {
        var form = await app.Form();
        var name = "Twin" + Guid.NewGuid().ToString("N")[..8];
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => app.SendJson(form, i % 2 == 0
            ? new { lastName = name, email = "Twin@engines.example ", description = "Hello" } : new { lastName = name + " ", email = "twin@ENGINES.example", description = " Hello" })));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Accepted);
        answers.Select(a => a.ReceiptId).Distinct().Count().ShouldBe(1);
        await app.Submission(answers[0].ReceiptId, "captured");
        (await app.Leads.LastNames(form.Id)).ShouldBe([name]);

        (await app.SendJson(form, new { lastName = name, email = "twin@engines.example", description = "Another" })).ReceiptId.ShouldNotBe(answers[0].ReceiptId);
        await app.Database.Execute("update receipts set expires_at = expires_at - interval '10 minutes' where form_id = $1", form.Id);
        (await app.SendJson(form, new { lastName = name, email = "twin@engines.example", description = "Hello" })).ReceiptId.ShouldNotBe(answers[0].ReceiptId, "ten minutes later it is another one");
    }

    [Fact]
    public async Task WL6b_a_senders_token_names_one_submission_and_no_other_values()
    {
        var form = await app.Form();
        var token = Guid.NewGuid().ToString();
        var first = (await app.SendJson(form, new { lastName = "Token", company = "Engines", _once = token })).ShouldBe(HttpStatusCode.Accepted).ReceiptId;
        (await app.SendJson(form, new { lastName = "Token", company = "Engines", _once = token })).ReceiptId.ShouldBe(first);
        (await app.SendJson(form, new { lastName = "Token", company = "Engines", _once = token + "2" })).ReceiptId.ShouldNotBe(first);
        (await app.SendJson(form, new { lastName = "Other", company = "Engines", _once = token })).ShouldBe(HttpStatusCode.UnprocessableEntity, "token-reused");
        var page = (await app.SendForm(form, new() { ["lastName"] = "Other", ["company"] = "Engines", ["_once"] = token })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        page.Text.ShouldContain("value=\"Other\"");
        page.Text.ShouldNotContain("name=\"_once\"");
    }

    [Fact]
    public async Task WL8a_the_body_is_kept_as_it_came_in_whichever_encoding_it_has()
    {
        var form = await app.Form();
        var client = app.Anonymous();
        var plain = new StringContent("lastName=M%C3%BCller+%26+S%C3%B6hne&company=Engines&lastName=second", Encoding.UTF8, "application/x-www-form-urlencoded");
        (await client.Send(HttpMethod.Post, form.Path, plain)).ShouldBe(HttpStatusCode.SeeOther);
        using var parts = new MultipartFormDataContent { { new StringContent("Møller"), "lastName" }, { new StringContent("Engines"), "company" }, { new ByteArrayContent([1, 2, 3]), "file", "a.bin" } };
        (await client.Send(HttpMethod.Post, form.Path, parts)).ShouldBe(HttpStatusCode.SeeOther);
        var json = """{ "lastName": "Мюллер", "company": "Engines", "employees": 3 }""";
        (await client.Send(HttpMethod.Post, form.Path, new StringContent(json, Encoding.UTF8, "application/json"))).ShouldBe(HttpStatusCode.Accepted);

        await Eventually.Is(async () => (await app.Listed(form, "captured")).Count == 3, "all are leads");
        (await app.Leads.LastNames(form.Id)).ShouldBe(["Müller & Söhne", "Møller", "Мюллер"]);
        var kept = (await app.Listed(form, "captured")).Select(s => s["id"]!.GetValue<Guid>()).Order().ToList();
        (await app.Submission(kept[0]))["raw"]!.GetValue<string>().ShouldBe("lastName=M%C3%BCller+%26+S%C3%B6hne&company=Engines&lastName=second");
        (await app.Submission(kept[1]))["rawContentType"]!.GetValue<string>().ShouldStartWith("multipart/form-data; boundary=");
        (await app.Submission(kept[2]))["raw"]!.GetValue<string>().ShouldBe(json);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_and_any_site_may_send()
    {
        var form = await app.Form();
        var client = app.Anonymous();
        Task<Answer> Post(string body, string type) => client.Send(HttpMethod.Post, form.Path, new StringContent(body, Encoding.UTF8, type));
        foreach (var body in (string[])["", "[]", "{", "{\"lastName\":{}}", "{\"lastName\":\"\\ud800\"}"]) (await Post(body, "application/json")).ShouldBe(HttpStatusCode.BadRequest, "malformed-body");
        (await Post("lastName", "text/plain")).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Post("{\"lastName\":\"" + new string('x', 300_000) + "\"}", "application/json")).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await Post(string.Join('&', Enumerable.Range(0, 400).Select(i => $"f{i}=x")), "application/x-www-form-urlencoded")).ShouldBe(HttpStatusCode.BadRequest);

        var preflight = (await client.Send(HttpMethod.Options, form.Path)).ShouldBe(HttpStatusCode.NoContent);
        (preflight.Header("Access-Control-Allow-Origin"), preflight.Header("Access-Control-Allow-Methods")).ShouldBe(("*", "POST"));
        preflight.Header("Access-Control-Allow-Credentials").ShouldBeEmpty();
        (await app.SendJson(form, new { lastName = "Cross", company = "Origin" })).Header("Access-Control-Allow-Origin").ShouldBe("*");
        (await app.Database.Scalar<long>("select count(*) from submissions where form_id = $1", form.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task WL11_a_consent_keeps_its_words_version_time_and_address()
    {
        var form = await app.Form(new { consent = new { purpose = "newsletter", text = "Write to me", version = "2", required = true } });
        (await app.SendJson(form, new { lastName = "Byron", company = "Engines" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Json["errors"]!["_consent"].ShouldNotBeNull();
        var receipt = (await app.SendJson(form, new { lastName = "Byron", company = "Engines", _consent = true }, from: "203.0.113.9")).ShouldBe(HttpStatusCode.Accepted).ReceiptId;
        var consent = (await app.Lead(receipt))["consents"]!.AsArray().Single()!;
        (consent["purpose"]!.ToString(), consent["granted"]!.GetValue<bool>(), consent["text"]!.ToString(), consent["version"]!.ToString(), consent["ipAddress"]!.ToString())
            .ShouldBe(("newsletter", true, "Write to me", "2", "203.0.113.9"));
        consent["at"]!.GetValue<DateTimeOffset>().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task WL12_values_to_choose_from_are_the_forms_own_words()
    {
        var form = await app.Form(new { fields = new object[] { new { name = "lastName" }, new { name = "company", options = new[] { "Engines", "Pumps" } } } });
        (await app.SendJson(form, new { lastName = "Byron", company = "A customer" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Json["errors"]!["company"].ShouldNotBeNull();
        (await app.SendJson(form, new { lastName = "Byron", company = "Pumps" })).ShouldBe(HttpStatusCode.Accepted);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.Http.Headers;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>What happens to submissions behind the scenes: order, owners, refusals, known e-mails, quotas.</summary>
public sealed class DeliveryTests(CaptureApp app)
{
    private static object Lead(string lastName, string? phone = null) => new { lastName, company = "Engines", phone };

    [Fact]
    public async Task WL13a_a_submission_becomes_a_lead_with_the_forms_defaults_in_its_queue_by_the_system()
    {
        var queue = (await app.Leads.Admin.Send(HttpMethod.Post, "/api/leads/queues", JsonContent.Create(new { name = "Web " + Guid.NewGuid().ToString("N")[..6], members = Array.Empty<Guid>() }))).ShouldBe(HttpStatusCode.Created).Json;
        var form = await app.Form(new { source = "Web form", queueId = queue["id"]!.GetValue<Guid>(), fields = new object[] { new { name = "lastName" }, new { name = "email" }, new { name = "productInterest", hidden = true, defaultValue = "Pumps" } } });
        var receipt = (await app.SendForm(form, new() { ["lastName"] = "Byron", ["email"] = " Ada@Engines.example", ["utm_source"] = "fair", ["utm_campaign"] = "spring" })).ShouldBe(HttpStatusCode.SeeOther);
        receipt.Text.ShouldBeEmpty();
        var submission = (await app.Listed(form, "captured") is { Count: > 0 } listed ? listed : await Eventually.Get(async () => await app.Listed(form, "captured") is { Count: > 0 } now ? now : null, "it is a lead"))[0];
        var lead = await app.Lead(submission["id"]!.GetValue<Guid>());
        (lead["email"]!.ToString(), lead["source"]!.ToString(), lead["queueId"]!.ToString(), lead["productInterest"]!.ToString()).ShouldBe(("ada@engines.example", "Web form", queue["id"]!.ToString(), "Pumps"));
        (lead["utm"]!["source"]!.ToString(), lead["utm"]!["campaign"]!.ToString()).ShouldBe(("fair", "spring"));
        var history = (await app.Leads.Admin.Get($"/api/leads/{lead["id"]}/history")).Json["items"]![0]!;
        history["actorId"].ShouldBeNull();
        history["operationId"]!.ToString().ShouldBe(submission["id"]!.ToString());
    }

    [Fact]
    public async Task WL13b_a_lead_without_an_owner_on_its_form_or_with_one_who_left_is_in_the_queue_of_web_leads()
    {
        var form = await app.Form();
        var lead = await app.Lead((await app.SendJson(form, Lead("Nobodys"))).ReceiptId);
        lead["ownerId"].ShouldBeNull();
        var queues = (await app.Leads.Admin.Get("/api/leads/queues")).Json.AsArray();
        queues.Single(q => q!["name"]!.ToString() == "Web leads")!["id"]!.ToString().ShouldBe(lead["queueId"]!.ToString());

        var leaver = TestUser.NewRep("Lena Leaver " + Guid.NewGuid().ToString("N")[..6]);
        await app.Know(leaver);
        var owned = await app.Form(new { ownerId = leaver.Id });   // Leads has not heard of this user: as good as gone
        (await app.Lead((await app.SendJson(owned, Lead("Left"))).ReceiptId))["queueId"]!.ToString().ShouldBe(lead["queueId"]!.ToString());
        var kept = await app.Form(new { ownerId = TestUser.Rep.Id });
        (await app.Lead((await app.SendJson(kept, Lead("Kept"))).ReceiptId))["ownerId"]!.GetValue<Guid>().ShouldBe(TestUser.Rep.Id);
    }

    [Fact]
    public async Task WL8b_what_leads_refuses_is_kept_with_the_reasons_corrected_and_tried_again()
    {
        var form = await app.Form();
        var receipt = (await app.SendJson(form, Lead("Refused", phone: "call me"))).ShouldBe(HttpStatusCode.Accepted).ReceiptId;
        var next = (await app.SendJson(form, Lead("Next"))).ReceiptId;
        var refused = await app.Submission(receipt, "refused");
        refused["violations"]!["phone"]![0]!.ToString().ShouldContain("is no phone number");
        (await app.Listed(form, "refused")).Count.ShouldBe(1);
        await app.Submission(next, "captured");   // it holds up nobody

        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{receipt}/retry")).ShouldBe(HttpStatusCode.OK);
        refused = await app.Submission(receipt, "refused");
        Task<Answer> Correct(object values, string etag) =>
            app.Admin.Send(HttpMethod.Patch, $"/api/capture/submissions/{receipt}", JsonContent.Create(new { values }, new MediaTypeHeaderValue("application/merge-patch+json")), ifMatch: etag);
        (await Correct(new { phone = "1" }, "\"1\"")).ShouldBe(HttpStatusCode.PreconditionFailed, "stale-version");
        (await Correct(new { ownerId = "x" }, $"\"{refused["version"]}\"")).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation");
        var corrected = (await Correct(new { phone = "+44 20 7946 0000", company = (string?)null, email = "Corrected@engines.example" }, $"\"{refused["version"]}\"")).ShouldBe(HttpStatusCode.OK).Json;
        corrected["raw"]!.ToString().ShouldContain("call me");
        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{receipt}/retry")).ShouldBe(HttpStatusCode.OK);
        var lead = await app.Lead(receipt);
        (lead["phone"]!.ToString(), lead["email"]!.ToString(), lead["company"]).ShouldBe(("+442079460000", "corrected@engines.example", null));
        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{receipt}/retry")).ShouldBe(HttpStatusCode.Conflict, "submission-state");
    }

    [Fact]
    public async Task WL9_a_known_e_mail_makes_another_lead_or_fills_what_is_empty_as_the_form_says()
    {
        var email = $"known-{Guid.NewGuid():N}@engines.example";
        var creating = await app.Form();
        var filling = await app.Form(new { knownEmail = "fillEmpty", consent = new { purpose = "newsletter", text = "Write to me" } });
        var first = await app.Lead((await app.SendJson(creating, new { lastName = "First", email })).ReceiptId);
        var second = await app.Lead((await app.SendJson(creating, new { lastName = "Second", email })).ReceiptId);
        second["id"]!.ToString().ShouldNotBe(first["id"]!.ToString());

        var receipt = (await app.SendJson(filling, new { lastName = "Third", email = email.ToUpperInvariant(), company = "Engines", phone = "+44 20 7946 0000", _consent = true })).ReceiptId;
        var filled = await app.Lead(receipt);
        (filled["id"]!.ToString(), filled["lastName"]!.ToString(), filled["company"]!.ToString(), filled["consents"]!.AsArray().Count).ShouldBe((second["id"]!.ToString(), "Second", "Engines", 1));
        (await app.Submission(receipt))["wasKnown"]!.GetValue<bool>().ShouldBeTrue();
        var again = await app.Lead((await app.SendJson(filling, new { lastName = "Third", email, company = "Other", description = "More", _consent = true })).ReceiptId);
        (again["company"]!.ToString(), again["description"]!.ToString()).ShouldBe(("Engines", "More"));
        (await app.Lead((await app.SendJson(filling, new { lastName = "Unknown", email = "un" + email })).ReceiptId))["lastName"]!.ToString().ShouldBe("Unknown");
    }

    [Fact]
    public async Task WL7c_what_is_above_the_quota_is_stored_and_becomes_leads_on_the_next_day_in_order()
    {
        var form = await app.Form(new { dailyQuota = 3 });
        var names = Enumerable.Range(1, 7).Select(i => $"Quota{i}").ToArray();
        var receipts = new List<Guid>();
        foreach (var name in names) receipts.Add((await app.SendJson(form, Lead(name))).ShouldBe(HttpStatusCode.Accepted).ReceiptId);
        await app.Submission(receipts[2], "captured");
        (await app.Listed(form, "waiting")).Count.ShouldBe(4);
        await NextDay();
        await app.Submission(receipts[5], "captured");
        (await app.Listed(form, "waiting")).Count.ShouldBe(1);
        await NextDay();
        await app.Submission(receipts[6], "captured");
        (await app.Leads.LastNames(form.Id)).ShouldBe(names);

        Task NextDay() => app.Database.Execute("update form_lines set day = day - 1 where form_id = $1", form.Id);
    }

    [Fact]
    public async Task WL13c_parallel_submissions_become_leads_in_the_order_of_their_places()
    {
        var form = await app.Form();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => app.SendJson(form, Lead($"P{i}"))));
        await Eventually.Is(async () => (await app.Leads.LastNames(form.Id)).Count == 60, "all are leads");
        var places = new List<string>();
        await using var command = app.Database.DataSource.CreateCommand("select \"values\"->>'lastName' from submissions where form_id = $1 order by position");
        command.Parameters.Add(new() { Value = form.Id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) places.Add(row.GetString(0));
        (await app.Leads.LastNames(form.Id)).ShouldBe(places);
    }
}

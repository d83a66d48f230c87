using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>A lead's fields over HTTP: LD1, LD2, versions, history and events.</summary>
public sealed class LeadFieldsTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);

    /// <summary>Every field of LD1 that people type, as they come back.</summary>
    internal static JsonObject Everything() => JsonNode.Parse("""
        {
          "salutation": "Ms.", "firstName": "Ada", "lastName": "Byron", "company": "Analytical Engines", "title": "Countess",
          "email": "ada@engines.example", "phone": "+442079460000", "mobile": "+447700900123", "fax": "+442079460001", "website": "https://engines.example",
          "street": "12 St James's Square\nLondon", "city": "London", "state": "Greater London", "postalCode": "SW1Y 4JH", "country": "GB",
          "industry": "Computing", "annualRevenue": 1250000.5, "revenueCurrency": "GBP", "employees": 12, "source": "Trade show", "rating": "Hot",
          "description": "Wants a machine.", "doNotCall": true, "emailOptOut": true,
          "personalProfiles": { "linkedIn": "https://linkedin.com/in/ada", "x": null, "facebook": null, "instagram": null, "xing": null, "youTube": null },
          "companyProfiles": { "linkedIn": null, "x": "https://x.com/engines", "facebook": null, "instagram": null, "xing": null, "youTube": null },
          "productInterest": "Difference engine", "budget": 17000, "budgetCurrency": "GBP", "timeframe": "This year", "need": "Tables", "nextStep": "Demo",
          "referredBy": { "kind": "contact", "id": "0198c000-0000-7000-8000-00000000aaaa" }, "campaignId": "0198c000-0000-7000-8000-00000000bbbb",
          "utm": { "source": "journal", "medium": "print", "campaign": "1843", "term": null, "content": null },
          "consents": [ { "purpose": "newsletter", "granted": true, "at": "2026-01-02T03:04:05+00:00", "source": "fair", "text": "Yes, write to me.", "version": "2", "ipAddress": "192.0.2.1" } ]
        }
        """)!.AsObject();

    [Fact]
    public async Task LD1_every_field_comes_back_as_it_was_sent()
    {
        var sent = Everything();

        var created = await rep.CreateLead(sent);
        var read = (await rep.Get($"/api/leads/{created.Id}")).ShouldBe(HttpStatusCode.OK);

        foreach (var (name, value) in sent) JsonNode.DeepEquals(read.Body![name], value).ShouldBeTrue($"{name}: {read.Body[name]?.ToJsonString()}");
    }

    [Fact]
    public async Task LD1_a_new_lead_is_unread_belongs_to_its_creator_and_has_the_default_status()
    {
        var lead = await rep.CreateLead();

        lead.ShouldSatisfyAllConditions(
            l => l["unread"].ShouldBe("true"), l => l["ownerId"].ShouldBe(TestUser.Rep.Id.ToString()), l => l["ownerName"].ShouldBe(TestUser.Rep.Name),
            l => l["status"].ShouldBe("New"), l => l["statusCategory"].ShouldBe("open"), l => l["isConverted"].ShouldBe("false"));
    }

    [Fact]
    public async Task LD1_score_and_grade_are_kept_beside_the_lead_and_raise_no_version()
    {
        var lead = await rep.CreateLead();

        (await rep.Put($"/api/leads/{lead.Id}/score", new { score = 87, grade = "A" })).ShouldBe(HttpStatusCode.NoContent);

        var read = await rep.Get($"/api/leads/{lead.Id}");
        read.ShouldSatisfyAllConditions(l => l["score"].ShouldBe("87"), l => l["grade"].ShouldBe("A"), l => l.ETag.ShouldBe("\"1\""));
    }

    [Fact]
    public async Task LD1_marking_a_lead_read_raises_no_version()
    {
        var lead = await rep.CreateLead();

        (await rep.Put($"/api/leads/{lead.Id}/unread", new { unread = false })).ShouldBe(HttpStatusCode.NoContent);

        var read = await rep.Get($"/api/leads/{lead.Id}");
        read.ShouldSatisfyAllConditions(l => l["unread"].ShouldBe("false"), l => l.ETag.ShouldBe("\"1\""));
    }

    [Fact]
    public async Task LD1_a_queue_may_hold_a_lead_instead_of_a_user()
    {
        var queue = await app.As(TestUser.Admin).Post("/api/leads/queues", new { name = $"Queue {Guid.NewGuid():N}", members = new[] { TestUser.Rep.Id } });
        queue.ShouldBe(HttpStatusCode.Created);

        var lead = await rep.CreateLead(new { lastName = "Byron", company = "Engines", queueId = queue.Id });

        lead.ShouldSatisfyAllConditions(l => l["queueId"].ShouldBe(queue.Id), l => l["ownerId"].ShouldBeNull());
    }

    [Fact]
    public async Task LD2_a_lead_without_last_name_and_without_company_or_email_hears_of_both()
    {
        var refused = (await rep.Post("/api/leads", new { firstName = "Ada" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation");

        refused.ShouldSatisfyAllConditions(r => r.Errors("lastName").ShouldNotBeEmpty(), r => r.Errors("company").ShouldNotBeEmpty());
    }

    [Fact]
    public async Task LD2_an_email_stands_in_for_the_company() =>
        (await rep.Post("/api/leads", new { lastName = "Byron", email = "ada@engines.example" })).ShouldBe(HttpStatusCode.Created);

    [Fact]
    public async Task LD2_values_are_normalised()
    {
        var lead = await rep.CreateLead(new
        {
            lastName = " Byron ", email = "Ada@Engines.Example", phone = "(020) 7946 0000", country = "United Kingdom", website = "engines.example",
        });

        lead.ShouldSatisfyAllConditions(
            l => l["lastName"].ShouldBe("Byron"), l => l["email"].ShouldBe("ada@engines.example"), l => l["phone"].ShouldBe("+442079460000"),
            l => l["country"].ShouldBe("GB"), l => l["website"].ShouldBe("https://engines.example"));
    }

    [Fact]
    public async Task LD2_a_value_that_is_too_long_is_refused_by_name_and_not_cut()
    {
        var refused = (await rep.Post("/api/leads", new { lastName = new string('x', 101), company = "Engines" })).ShouldBe(HttpStatusCode.UnprocessableEntity);

        refused.Errors("lastName").ShouldContain("101");
    }

    [Fact]
    public async Task A_change_touches_only_what_the_patch_names()
    {
        var lead = await rep.CreateLead(Everything());

        var changed = (await rep.Patch($"/api/leads/{lead.Id}", new { city = "Bath", title = (string?)null, utm = new { medium = "web" } }, lead.ETag)).ShouldBe(HttpStatusCode.OK);

        changed.ShouldSatisfyAllConditions(
            l => l["city"].ShouldBe("Bath"), l => l["title"].ShouldBeNull(), l => l["company"].ShouldBe("Analytical Engines"), l => l.ETag.ShouldBe("\"2\""),
            l => l.Body!["utm"]!["medium"]!.ToString().ShouldBe("web"), l => l.Body!["utm"]!["source"]!.ToString().ShouldBe("journal"));
    }

    [Fact]
    public async Task A_change_without_If_Match_is_428()
    {
        var lead = await rep.CreateLead();
        (await rep.Patch($"/api/leads/{lead.Id}", new { city = "Bath" }, null)).ShouldBe(HttpStatusCode.PreconditionRequired);
    }

    [Fact]
    public async Task A_change_of_a_stale_version_is_412()
    {
        var lead = await rep.CreateLead();
        await rep.Patch($"/api/leads/{lead.Id}", new { city = "Bath" }, lead.ETag);

        (await rep.Patch($"/api/leads/{lead.Id}", new { city = "York" }, lead.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed, "stale-version");
    }

    [Fact]
    public async Task An_unknown_member_is_refused_by_name()
    {
        var lead = await rep.CreateLead();
        (await rep.Patch($"/api/leads/{lead.Id}", new { shoeSize = 38 }, lead.ETag)).ShouldBe(HttpStatusCode.BadRequest)["detail"]!.ShouldContain("shoeSize");
    }

    [Fact]
    public async Task The_history_tells_every_change_with_old_and_new_value()
    {
        var lead = await rep.CreateLead();
        await rep.Patch($"/api/leads/{lead.Id}", new { city = "Bath" }, lead.ETag);

        var history = (await rep.Get($"/api/leads/{lead.Id}/history")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray();

        history.Count.ShouldBe(2);
        history[0]!["changes"]!["city"]!["new"]!.ToString().ShouldBe("Bath");
        history[0]!["actorId"]!.ToString().ShouldBe(TestUser.Rep.Id.ToString());
        history[0]!["changes"]!.AsObject().Count.ShouldBe(1);
        history[1]!["kind"]!.ToString().ShouldBe("created");
    }

    [Fact]
    public async Task Every_change_is_announced_with_the_full_state_and_version()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadChanged), typeof(LeadsChanged));
        var lead = await rep.CreateLead();
        await rep.Patch($"/api/leads/{lead.Id}", new { source = "Partner" }, lead.ETag);

        await Eventually.Is(() => bus.Told(lead.Id, ChangeKind.Created).Count > 0);
        var created = bus.Told(lead.Id, ChangeKind.Created)[0];
        var updated = await bus.Next<LeadChanged>(m => m.Lead.LeadId.ToString() == lead.Id && m.Kind == ChangeKind.Updated);

        created.Lead.Version.ShouldBe(1);
        updated.Lead.ShouldSatisfyAllConditions(
            l => l.Version.ShouldBe(2), l => l.Source.ShouldBe("Partner"), l => l.Company.ShouldBe("Analytical Engines"), l => l.OwnerId.ShouldBe(TestUser.Rep.Id));
    }

    [Fact]
    public async Task A_change_of_what_the_state_does_not_tell_is_announced_with_its_version_alone()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadChanged), typeof(LeadDetailsChanged));
        var lead = await rep.CreateLead();
        var details = await rep.Patch($"/api/leads/{lead.Id}", new { title = "Countess", city = "Bath" }, lead.ETag);
        await rep.Patch($"/api/leads/{lead.Id}", new { title = "Countess of Lovelace", source = "Partner" }, details.ETag);

        var told = await bus.Next<LeadDetailsChanged>(m => m.LeadId.ToString() == lead.Id);
        var updated = await bus.Next<LeadChanged>(m => m.Lead.LeadId.ToString() == lead.Id && m.Kind == ChangeKind.Updated);

        told.ShouldSatisfyAllConditions(
            t => t.Version.ShouldBe(2), t => t.OwnerId.ShouldBe(TestUser.Rep.Id), t => t.QueueId.ShouldBeNull(), t => t.ActorId.ShouldBe(TestUser.Rep.Id));
        updated.Lead.Version.ShouldBe(3, "the state that it told is the one after the change of its source");
        bus.All<LeadDetailsChanged>().Count(m => m.LeadId.ToString() == lead.Id).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_key_creates_one_lead()
    {
        var key = Guid.NewGuid().ToString();
        var body = new { lastName = "Once", company = key };

        var first = await rep.Post("/api/leads", body, key: key);
        var second = await rep.Post("/api/leads", body, key: key);

        second.Id.ShouldBe(first.ShouldBe(HttpStatusCode.Created).Id);
        (await app.Database.Scalar<long>("select count(*) from leads where company = $1", key)).ShouldBe(1);
    }
}

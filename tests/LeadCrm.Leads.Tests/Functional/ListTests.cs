using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Lists of leads: views, filters, order, pages and search.</summary>
public sealed class ListTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);
    private readonly string company = $"Listed {Guid.NewGuid():N}";

    [Fact]
    public async Task LC8_current_holds_open_nurturing_and_qualified_leads()
    {
        foreach (var status in (string[])["New", "Working", "Nurturing", "Qualified"]) await Create(status, status);
        await TurnDown(await Create("Gone"));

        (await Names($"view=current&company={company}&sort=lastName")).ShouldBe(["New", "Nurturing", "Qualified", "Working"]);
    }

    [Fact]
    public async Task LC8_my_open_holds_only_my_own_of_them()
    {
        await Create("Mine");
        (await app.As(TestUser.OtherRep).CreateLead(new { lastName = "Theirs", company })).ShouldBe(HttpStatusCode.Created);
        await TurnDown(await Create("Gone"));

        (await Names($"view=myOpen&company={company}")).ShouldBe(["Mine"]);
    }

    [Fact]
    public async Task LC8_all_holds_every_status()
    {
        await Create("New");
        await TurnDown(await Create("Gone"));

        (await Names($"view=all&company={company}&sort=lastName")).ShouldBe(["Gone", "New"]);
    }

    [Fact]
    public async Task An_unknown_view_is_400() => (await rep.Get("/api/leads?view=mine")).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_unknown_field_is_400_and_names_the_fields() => (await rep.Get("/api/leads?shoeSize=3")).ShouldBe(HttpStatusCode.BadRequest)["detail"]!.ShouldContain("lastName");

    [Theory]
    [InlineData("city=Bath", "A")]
    [InlineData("employees[gte]=20", "B,C")]
    [InlineData("employees[lt]=20", "A")]
    [InlineData("city[in]=Bath,York", "A,B")]
    [InlineData("city[in]=\"Frome, the old part\",York", "B,D")]
    [InlineData("city[contains]=or", "B")]
    [InlineData("statusCategory=qualified", "C")]
    [InlineData("status=Qualified", "C")]
    [InlineData("country=GB&doNotCall=true", "B")]
    [InlineData("score[gte]=50", "C")]
    [InlineData("city=", "C")]
    public async Task Lists_are_filtered_by_declared_fields(string filter, string expected)
    {
        await Create("A", more: new { city = "Bath", employees = 10, country = "GB" });
        await Create("B", more: new { city = "York", employees = 20, country = "GB", doNotCall = true });
        await Create("C", "Qualified", new { employees = 30, score = 60 });
        await Create("D", more: new { city = "Frome, the old part" });

        (await Names($"company={company}&sort=lastName&{filter}")).ShouldBe(expected.Split(','));
    }

    [Fact]
    public async Task Pages_hold_every_lead_once_in_order_also_when_values_repeat_or_are_missing()
    {
        for (var i = 0; i < 11; i++) await Create($"L{i:00}", more: i % 3 == 0 ? new { } : new { city = i % 2 == 0 ? "Bath" : "York" });

        var seen = new List<string>();
        var after = "";
        do
        {
            var page = (await rep.Get($"/api/leads?company={company}&sort=-city,lastName&limit=3{after}")).ShouldBe(HttpStatusCode.OK);
            seen.AddRange(Names(page));
            after = page["next"] is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);

        seen.ShouldBe(["L00", "L03", "L06", "L09", "L01", "L05", "L07", "L02", "L04", "L08", "L10"]);
    }

    [Fact]
    public async Task A_list_is_counted_when_asked()
    {
        await Create("A");
        await Create("B");

        (await rep.Get($"/api/leads?company={company}&count=true&limit=1"))["count"].ShouldBe("2");
    }

    [Theory, InlineData("Katzenstein", "a word"), InlineData("katzenst", "a fragment"), InlineData("Katzenstien", "a typing error"), InlineData("kz@katzen", "part of the e-mail"),
     InlineData("7946 0123", "part of the phone, as people type it"), InlineData("Nockerl", "a word of the description")]
    public async Task Search_finds_a_lead_by(string text, string why)
    {
        await Create("Katzenstein", more: new { email = "kz@katzen.example", phone = "+442079460123", description = "Likes Nockerl." });
        await Create("Somebody else");

        (await Names($"company={company}&q={Uri.EscapeDataString(text)}")).ShouldBe(["Katzenstein"], why);
    }

    [Fact]
    public async Task Search_survives_operators_and_wildcards() => (await Names($"company={company}&q={Uri.EscapeDataString("%_\\ & | ! :* \"'")}")).ShouldBeEmpty();

    [Fact]
    public async Task C25_converted_leads_are_in_no_list_and_no_search_without_the_permission()
    {
        await Convert(await Create("Converted"));

        foreach (var query in (string[])["view=all", "view=current", "q=Converted", "isConverted=true"]) (await Names($"{query}&company={company}")).ShouldBeEmpty(query);
    }

    [Fact]
    public async Task C25_with_the_permission_they_are_listed_but_not_current()
    {
        await Convert(await Create("Converted"));
        var admin = app.As(TestUser.Admin);

        Names(await admin.Get($"/api/leads?view=all&company={company}")).ShouldBe(["Converted"]);
        Names(await admin.Get($"/api/leads?view=current&company={company}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task C25_a_converted_lead_shows_what_it_became_and_is_read_only()
    {
        var lead = await Create("Converted");
        var account = await Convert(lead);

        var read = (await rep.Get($"/api/leads/{lead.Id}")).ShouldBe(HttpStatusCode.OK);
        read.ShouldSatisfyAllConditions(
            l => l["isConverted"].ShouldBe("true"), l => l["convertedAccountId"].ShouldBe(account.ToString()), l => l["convertedAt"].ShouldNotBeNull());
        (await rep.Patch($"/api/leads/{lead.Id}", new { city = "Bath" }, read.ETag)).ShouldBe(HttpStatusCode.Conflict, "lead-converted");
        (await app.As(TestUser.Admin).Patch($"/api/leads/{lead.Id}", new { city = "Bath" }, read.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData("PATCH", ""), InlineData("DELETE", ""), InlineData("POST", "/owner"), InlineData("POST", "/status"), InlineData("POST", "/reopen"), InlineData("PUT", "/score")]
    public async Task C29_a_converting_lead_refuses_changes_with_the_operation_id_before_looking_at_versions(string method, string path)
    {
        var lead = await Create("Locked");
        var conversion = Guid.CreateVersion7();
        await app.Database.Execute("update leads set conversion = 'Converting', conversion_id = $2, version = 2 where id = $1", Guid.Parse(lead.Id), conversion);

        object body = path switch { "/owner" => new { ownerId = TestUser.Rep.Id }, "/status" => new { status = "Working" }, _ => new { } };
        using var content = new StringContent(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, method == "PATCH" ? "application/merge-patch+json" : "application/json");
        var refused = await app.As(TestUser.Admin).Send(new HttpMethod(method), $"/api/leads/{lead.Id}{path}", method == "DELETE" ? null : content, "\"1\"");

        refused.ShouldBe(HttpStatusCode.Conflict, "lead-locked")["conversionId"].ShouldBe(conversion.ToString());
    }

    private async Task<Answer> Create(string lastName, string? status = null, object? more = null)
    {
        var lead = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        lead["lastName"] = lastName;
        lead["company"] = company;
        lead["status"] = status;
        return await rep.CreateLead(lead);
    }

    private async Task TurnDown(Answer lead) =>
        (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified", reason = "No", followUpInDays = 7 })).ShouldBe(HttpStatusCode.OK);

    private async Task<Guid> Convert(Answer lead)
    {
        var account = Guid.CreateVersion7();
        await app.Database.Execute(
            """
            update leads set conversion = 'Converted', conversion_id = gen_random_uuid(), converted_at = now(), converted_account_id = $2, converted_contact_id = $2,
              status_id = (select id from lead_statuses where category = 'Converted') where id = $1
            """, Guid.Parse(lead.Id), account);
        return account;
    }

    private async Task<string[]> Names(string query) => Names(await rep.Get($"/api/leads?{query}"));

    private static string[] Names(Answer page) => [.. page.ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(l => l!["lastName"]!.ToString())];
}

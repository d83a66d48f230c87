using System.Globalization;
using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Leads counted by a field, for charts (VW7).</summary>
public sealed class CountTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);
    private readonly string company = $"Counted {Guid.NewGuid():N}";

    [Theory]
    [InlineData("source", "Web 2, null 1, Event 1")]
    [InlineData("industry", "null 3, Energy 1")]
    [InlineData("country", "GB 3, DE 1")]
    [InlineData("status", "New 3, Qualified 1")]
    public async Task VW7a_leads_are_counted_by_what_their_list_holds_the_most_frequent_first(string by, string expected)
    {
        await Some();
        (await Counts($"by={by}")).ShouldBe(expected);
    }

    [Fact]
    public async Task VW7a_by_owner_says_the_name_and_by_month_goes_with_time()
    {
        await Some();
        (await rep.Get($"/api/leads/counts?by=owner&company={company}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().ShouldHaveSingleItem()!["label"]!.ToString().ShouldBe(TestUser.Rep.Name);
        await app.Database.Execute("update leads set created_at = '2026-02-28T23:59:59Z' where company = $1 and last_name = 'A'", company);
        await app.Database.Execute("update leads set created_at = '2026-03-01T00:00:00Z' where company = $1 and last_name <> 'A'", company);
        (await Counts("by=month")).ShouldBe("2026-02 1, 2026-03 3");
    }

    [Theory]
    [InlineData("status=Qualified", "GB 1")]
    [InlineData("view=current&q=Alpha", "GB 1")]
    [InlineData("source=", "DE 1")]
    public async Task VW7b_a_segment_is_the_list_with_its_value_as_a_filter(string filter, string expected)
    {
        await Some();
        (await Counts($"by=country&{filter}")).ShouldBe(expected);
    }

    [Fact]
    public async Task VW7c_beyond_fifty_values_the_rest_is_one_number()
    {
        for (var i = 0; i < 52; i++) await rep.CreateLead(new { lastName = "L", company, industry = $"I{i:00}" });
        var answer = (await rep.Get($"/api/leads/counts?by=industry&company={company}")).ShouldBe(HttpStatusCode.OK);
        answer.Body!["items"]!.AsArray().Count.ShouldBe(50);
        answer["others"].ShouldBe("2");
        answer["total"].ShouldBe("52");
    }

    [Theory, InlineData("by=shoeSize"), InlineData("by=status&shoeSize=3"), InlineData("")]
    public async Task What_leads_cannot_be_counted_by_is_a_400(string query) => (await rep.Get($"/api/leads/counts?{query}")).ShouldBe(HttpStatusCode.BadRequest);

    private async Task Some()
    {
        await rep.CreateLead(new { lastName = "A", company, source = "Web", country = "GB", status = "Qualified" });
        await rep.CreateLead(new { lastName = "B", company, source = "Web", country = "GB", industry = "Energy" });
        await rep.CreateLead(new { lastName = "C", company, source = "Event", country = "GB", description = "Alpha" });
        await rep.CreateLead(new { lastName = "D", company, country = "DE" });
    }

    private async Task<string> Counts(string query) =>
        string.Join(", ", (await rep.Get($"/api/leads/counts?{query}&company={company}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray()
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one!["value"]?.ToString() ?? "null"} {one["count"]!.GetValue<long>()}")));
}

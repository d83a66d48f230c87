using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Unread leads (LD7).</summary>
public sealed class OpenLeadTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);

    [Fact]
    public async Task LD7_a_lead_that_its_owner_opened_is_read_and_its_version_stays()
    {
        var lead = await rep.CreateLead();
        lead["unread"].ShouldBe("true");

        (await rep.Put($"/api/leads/{lead.Id}/opened", new { })).ShouldBe(HttpStatusCode.NoContent);

        var opened = await rep.Get($"/api/leads/{lead.Id}");
        opened["unread"].ShouldBe("false");
        opened.ETag.ShouldBe(lead.ETag);
    }

    [Fact]
    public async Task LD7_reading_a_lead_changes_nothing()
    {
        var lead = await rep.CreateLead();
        await rep.Get($"/api/leads/{lead.Id}");
        (await rep.Get($"/api/leads/{lead.Id}"))["unread"].ShouldBe("true");
    }

    [Fact]
    public async Task LD7_a_lead_that_somebody_else_opened_stays_unread_for_its_owner()
    {
        var lead = await rep.CreateLead();
        (await app.As(TestUser.Admin).Put($"/api/leads/{lead.Id}/opened", new { })).ShouldBe(HttpStatusCode.NoContent);
        (await rep.Get($"/api/leads/{lead.Id}"))["unread"].ShouldBe("true");
    }

    [Fact]
    public async Task LD7_unread_leads_are_marked_in_lists_and_counted()
    {
        var source = "Unread " + Guid.NewGuid().ToString("N")[..8];
        var (first, second) = (await rep.CreateLead(new { lastName = "One", company = "Co", source }), await rep.CreateLead(new { lastName = "Two", company = "Co", source }));
        await rep.Put($"/api/leads/{first.Id}/opened", new { });

        var unread = await rep.Get($"/api/leads?view=myOpen&unread=true&count=true&source={Uri.EscapeDataString(source)}");

        unread["count"].ShouldBe("1");
        unread.Body!["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.ToString().ShouldBe(second.Id);
        (await rep.Get($"/api/leads?source={Uri.EscapeDataString(source)}")).Body!["items"]!.AsArray().Select(l => l!["unread"]!.ToString()).Order().ShouldBe(["false", "true"]);
    }

    [Fact]
    public async Task LD7_a_lead_that_one_may_not_see_cannot_be_opened() =>
        (await rep.Put($"/api/leads/{Guid.NewGuid()}/opened", new { })).ShouldBe(HttpStatusCode.NotFound);
}

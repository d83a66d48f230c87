using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class AddFromElsewhereTests(CampaignsApp app)
{
    [Fact]
    public async Task CM8_the_leads_of_a_list_view_join_page_by_page_with_the_callers_own_rights()
    {
        var (campaign, leads, country) = (await app.Campaign(), await app.Leads(450), Country());
        foreach (var lead in leads) app.Others.Has("leads", lead, $"{lead}@example.com", country);
        app.Others.Has("leads", Guid.CreateVersion7(), "unknown@example.com", country);

        using var me = app.Me;
        var outcome = await me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-leads", new { query = $"?view=current&country={country}&limit=7&sort=-name" }).Outcome();

        (outcome.AddedCount, outcome.NotFound).ShouldBe((450, 1));
        var asked = app.Others.Requests.Where(r => r.Contains(country, StringComparison.Ordinal)).ToList();
        asked.Count.ShouldBe(3);
        asked.ShouldAllBe(r => r.Contains("view=current", StringComparison.Ordinal) && r.Contains("limit=200", StringComparison.Ordinal) && !r.Contains("sort", StringComparison.Ordinal)
            && r.EndsWith(me.DefaultRequestHeaders.Authorization!.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task CM8_a_filter_that_Leads_does_not_understand_is_refused_with_its_words()
    {
        var campaign = await app.Campaign();

        var problem = await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-leads", new { query = "nonsense=1" }).Refused(HttpStatusCode.BadRequest, "bad-list-query");

        problem.GetProperty("detail").GetString().ShouldBe("'nonsense' is not a field of this list.");
    }

    [Fact]
    public async Task CM8_the_people_of_a_file_join_by_e_mail_or_id()
    {
        var campaign = await app.Campaign();
        var (lead, both, contact, byId, twin) = (await app.Lead("Lea"), await app.Contact("Cora"), await app.Contact("Conny"), await app.Lead("Ida"), Unique("twin"));
        var (leadMail, bothMail, nobody) = (Unique("lea"), Unique("cora"), Unique("nobody"));
        app.Others.Has("leads", lead, leadMail);
        app.Others.Has("contacts", both, bothMail);
        app.Others.Has("leads", await app.Lead("Cora as she was"), bothMail);
        app.Others.Has("leads", await app.Lead(), twin);
        app.Others.Has("leads", await app.Lead(), twin);
        var csv = $"E-mail;Contact Id;Status;Note\r\n{leadMail.ToUpperInvariant()};;responded;\"a \"\"note\"\"\"\r\n{bothMail};;;\r\n;{contact};;\r\n;{byId};;\r\n{nobody};;;\r\n{twin};;;\r\n{leadMail};;Unheard;\r\n";

        var outcome = await app.Me.SendFile(campaign.Id, csv).Outcome();

        (outcome.AddedCount, outcome.NotFound, outcome.Invalid).ShouldBe((3, 2, 2));
        outcome.NotAdded.Select(s => (s.Line, s.Person, s.Reason)).ShouldBe([(5, byId.ToString(), "notFound"), (6, nobody, "notFound"), (7, twin, "invalid"), (8, leadMail, "invalid")]);
        (await app.Me.Members(campaign.Id, "sort=name")).Select(m => (m.Name, m.Type, m.Status)).ShouldBe([("Conny", "contact", "Sent"), ("Cora", "contact", "Sent"), ("Lea", "lead", "Responded")]);
    }

    [Fact]
    public async Task CM8_many_addresses_are_asked_for_in_portions()
    {
        var (campaign, leads) = (await app.Campaign(), await app.Leads(1_000));
        foreach (var lead in leads) app.Others.Has("leads", lead, $"{lead:N}@example.com");

        var outcome = await app.Me.SendFile(campaign.Id, "email\n" + string.Join('\n', leads.Select(lead => $"{lead:N}@example.com"))).Outcome();

        outcome.AddedCount.ShouldBe(1_000);
    }

    [Fact]
    public async Task CM8_a_file_without_people_is_refused_and_another_kind_of_body_too()
    {
        var campaign = await app.Campaign();

        await app.Me.SendFile(campaign.Id, "name\nKim").Refused(HttpStatusCode.UnprocessableEntity, "file-refused");
        (await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-file", new { })).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task CM8_while_another_service_is_away_nobody_is_added()
    {
        var campaign = await app.Campaign();
        app.Others.IsBroken = true;
        try
        {
            await app.Me.SendFile(campaign.Id, "email\nkim@example.com").Refused(HttpStatusCode.ServiceUnavailable, "unavailable");
            await app.Me.PostAsJsonAsync($"/api/campaigns/{campaign.Id}/members/from-leads", new { query = "view=all" }).Refused(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            app.Others.IsBroken = false;
        }
        (await app.Me.Members(campaign.Id)).ShouldBeEmpty();
    }

    private static string Unique(string name) => $"{name}-{Guid.NewGuid():N}@example.com";

    private static string Country() => "X" + Guid.NewGuid().ToString("N")[..6];
}

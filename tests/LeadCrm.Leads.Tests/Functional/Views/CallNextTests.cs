using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Views;

/// <summary>Whom somebody calls next (VW8); on a service of its own, for it speaks of all leads that somebody has.</summary>
public sealed class CallNextTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>, IAsyncLifetime
{
    private readonly HttpClient rep = app.As(TestUser.Rep);

    /// <summary>What a test before has left would be called as well.</summary>
    public async ValueTask InitializeAsync() => await app.Database.Execute("update leads set deleted_at = now() where deleted_at is null");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task VW8_first_response_at_risk_goes_before_tasks_due_these_before_the_score_and_this_before_the_longest_untouched()
    {
        await Lead("Untouched long", hoursOld: 900, touchedHoursAgo: 400);
        await Lead("Untouched longer", hoursOld: 900, touchedHoursAgo: 600);
        await Lead("Scored", hoursOld: 900, touchedHoursAgo: 300, score: 40);
        await Lead("Due today", hoursOld: 900, touchedHoursAgo: 1, nextInHours: -1);
        await Lead("Due and scored", hoursOld: 900, touchedHoursAgo: 1, nextInHours: -30, score: 10);
        await Lead("At risk", hoursOld: 13);
        await Lead("At risk and due", hoursOld: 13, nextInHours: -1);
        await Lead("At risk and scored", hoursOld: 20, score: 90);
        await Lead("New, in time", hoursOld: 3);

        (await Next()).ShouldBe(
        [
            "At risk and due: firstResponse", "At risk and scored: firstResponse", "At risk: firstResponse", "Due and scored: taskDue", "Due today: taskDue",
            "Scored: untouched", "Untouched longer: untouched", "Untouched long: untouched", "New, in time: untouched",
        ]);
    }

    [Fact]
    public async Task VW8_whoever_was_touched_lately_has_something_planned_must_not_be_called_or_is_no_longer_open_is_not_called()
    {
        await Lead("Called", hoursOld: 900);
        await Lead("Touched lately", hoursOld: 900, touchedHoursAgo: 48);
        await Lead("Planned", hoursOld: 900, touchedHoursAgo: 400, nextInHours: 72);
        await Lead("Do not call", hoursOld: 900, more: new { doNotCall = true });
        await Lead("Nurtured", hoursOld: 900, more: new { status = "Nurturing" });
        await Lead("Nurtured and due", hoursOld: 900, nextInHours: -1, more: new { status = "Nurturing" });
        var gone = await Lead("Turned down", hoursOld: 900);
        (await rep.Post($"/api/leads/{gone.Id}/status", new { status = "Not Qualified", reason = "No", followUpInDays = 7 })).ShouldBe(HttpStatusCode.OK);
        await app.As(TestUser.OtherRep).CreateLead(new { lastName = "Theirs", company = "Theirs" });

        (await Next()).ShouldBe(["Called: firstResponse", "Nurtured and due: taskDue"]);
        (await Next("?limit=1")).ShouldBe(["Called: firstResponse"]);
        (await rep.Get("/api/leads/call-next?limit=0")).ShouldBe(HttpStatusCode.BadRequest, "bad-list-query");
    }

    [Fact]
    public async Task VW8_setup_says_within_how_many_hours_a_new_lead_is_answered_and_each_says_until_when()
    {
        var admin = app.As(TestUser.Admin);
        var settings = (await admin.Get("/api/leads/settings")).ShouldBe(HttpStatusCode.OK);
        settings["firstResponseHours"].ShouldBe("24");
        var lead = await Lead("Waiting", hoursOld: 3);
        (await Next()).ShouldBe(["Waiting: untouched"]);

        (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14, firstResponseHours = 0 }, settings.ETag)).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("firstResponseHours").ShouldNotBeEmpty();
        var changed = (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14, firstResponseHours = 4 }, settings.ETag)).ShouldBe(HttpStatusCode.OK);
        (await Next()).ShouldBe(["Waiting: firstResponse"]);

        var item = (await rep.Get("/api/leads/call-next")).Body!["items"]![0]!;
        var created = DateTimeOffset.Parse(item["lead"]!["createdAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        DateTimeOffset.Parse(item["respondBy"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture).ShouldBe(created.AddHours(4));
        item["lead"]!["id"]!.ToString().ShouldBe(lead.Id);

        // What is left out stays.
        var kept = (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14 }, changed.ETag)).ShouldBe(HttpStatusCode.OK);
        kept["firstResponseHours"].ShouldBe("4");
        (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14, firstResponseHours = 24 }, kept.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<Answer> Lead(string lastName, int hoursOld, int? touchedHoursAgo = null, int? nextInHours = null, int? score = null, object? more = null)
    {
        var details = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        (details["lastName"], details["company"], details["score"]) = (lastName, "Called", score);
        var lead = await rep.CreateLead(details);
        var id = Guid.Parse(lead.Id);
        await app.Database.Execute("update leads set created_at = now() - make_interval(hours => $2) where id = $1", id, hoursOld);
        if (touchedHoursAgo is { } ago) await app.Database.Execute("update lead_signals set last_touch_at = now() - make_interval(hours => $2) where lead_id = $1", id, ago);
        if (nextInHours is { } next) await app.Database.Execute("update lead_signals set next_activity_at = now() + make_interval(hours => $2) where lead_id = $1", id, next);
        return lead;
    }

    private async Task<string[]> Next(string query = "") =>
        [.. (await rep.Get($"/api/leads/call-next{query}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(item => $"{item!["lead"]!["lastName"]}: {item["why"]}")];
}

using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>What happened on a record and what comes (AV2).</summary>
[Collection(nameof(OneApp))]
public sealed class TimelineTests(ActivitiesApp app)
{
    private static DateTimeOffset Ago(int days) => DateTimeOffset.UtcNow.AddDays(-days);

    private async Task<Guid> BusyLead()
    {
        var lead = await app.Lead();
        await app.Activity(new { kind = "call", subject = "call of 3 days ago", happenedAt = Ago(3) }, "lead", lead);
        await app.Activity(new { kind = "email", subject = "mail of yesterday", happenedAt = Ago(1), from = "a@example.com", to = new[] { "b@example.com" } }, "lead", lead);
        await app.Activity(new { kind = "event", subject = "meeting in 5 days", startsAt = Ago(-5) }, "lead", lead);
        await app.Activity(new { kind = "event", subject = "meeting of 2 days ago", startsAt = Ago(2) }, "lead", lead);
        await app.Activity(new { kind = "task", subject = "task in 2 days", dueOn = ActivitiesApp.Today.AddDays(2) }, "lead", lead);
        await app.Activity(new { kind = "task", subject = "overdue task", dueOn = ActivitiesApp.Today.AddDays(-9) }, "lead", lead);
        await app.Activity(new { kind = "task", subject = "task without a day" }, "lead", lead);
        await app.Rep.Post("/api/notes", new { html = "a note of now", related = new[] { new { type = "lead", id = lead } } });
        return lead;
    }

    [Fact]
    public async Task AV2_a_timeline_shows_upcoming_first_then_newest_first()
    {
        var lead = await BusyLead();

        var entries = (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={lead}")).ShouldBe(HttpStatusCode.OK).Items;

        entries.Strings("subject").ShouldBe(
        [
            "overdue task", "task in 2 days", "meeting in 5 days", "task without a day",
            "a note of now", "mail of yesterday", "meeting of 2 days ago", "call of 3 days ago",
        ]);
        entries.Select(e => e.GetProperty("upcoming").GetBoolean()).ShouldBe([true, true, true, true, false, false, false, false]);
        entries[0].GetProperty("overdue").GetBoolean().ShouldBeTrue();
        entries[3].GetProperty("at").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task AV2_pages_of_a_timeline_follow_each_other_without_gap_or_repetition()
    {
        var lead = await BusyLead();
        var of = $"/api/activities/timeline?recordType=lead&recordId={lead}";
        var whole = (await app.Rep.Get(of)).Items.Strings("subject");

        for (var size = 1; size <= 3; size++)
        {
            List<string?> seen = [];
            for (string? after = ""; after is not null;)
            {
                var page = (await app.Rep.Get($"{of}&limit={size}{(after.Length == 0 ? "" : "&after=" + after)}")).ShouldBe(HttpStatusCode.OK);
                seen.AddRange(page.Items.Strings("subject"));
                after = page["next"].GetString();
            }
            seen.ShouldBe(whole);
        }
    }

    [Fact]
    public async Task AV2_a_timeline_is_filtered_by_kind()
    {
        var lead = await BusyLead();
        var of = $"/api/activities/timeline?recordType=lead&recordId={lead}";

        (await app.Rep.Get($"{of}&kind=call,email")).Items.Strings("kind").ShouldBe(["email", "call"]);
        (await app.Rep.Get($"{of}&kind=note")).Items.Length.ShouldBe(1);
        (await app.Rep.Get($"{of}&kind=poem")).ShouldBe(HttpStatusCode.BadRequest);
        (await app.Rep.Get($"{of}&after=nonsense")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task AV2_the_timeline_of_a_record_that_is_not_known_is_not_there() =>
        (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={Guid.NewGuid()}")).ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task AV2_one_index_answers_a_page_of_a_long_timeline()
    {
        var lead = await app.Lead();
        await Many.Calls(app, lead, 5_000);

        var page = (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={lead}&limit=50")).ShouldBe(HttpStatusCode.OK);
        var plan = await app.Database.Scalar<string>(
            $"explain (format text) select l.item_id from item_links l where l.record_type = 'lead' and l.record_id = '{lead}' and (l.open_until is null or l.open_until <= now()) order by l.moment desc, l.item_id desc limit 51");

        page.Items.Length.ShouldBe(50);
        plan.ShouldStartWith("Limit");
        (await app.Database.Scalar<long>("select count(*) from pg_indexes where indexname = 'ix_item_links_record_type_record_id_moment_item_id'")).ShouldBe(1);
    }
}

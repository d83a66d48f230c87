using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Views;

/// <summary>Views that everybody has, and views that people make (VW1, VW2).</summary>
public sealed class ViewTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient rep = app.As(TestUser.Rep);
    private readonly string company = $"Viewed {Guid.NewGuid():N}";

    [Fact]
    public async Task VW1_everybody_has_the_built_in_views_and_one_for_each_queue_of_theirs()
    {
        var admin = app.As(TestUser.Admin);
        var (mine, others) = ($"Mine {company}", $"Others {company}");
        var queue = (await admin.Post("/api/leads/queues", new { name = mine, members = new[] { TestUser.Rep.Id } })).ShouldBe(HttpStatusCode.Created);
        await admin.Post("/api/leads/queues", new { name = others, members = new[] { TestUser.OtherRep.Id } });
        await app.Share("lead", "private");

        await Eventually.Is(async () => (await Views()).Select(v => v["name"]!.ToString()).Contains(mine), "the queue has a view");

        var views = await Views();
        views.Where(v => v["kind"]!.ToString() == "builtIn").Select(v => v["id"]!.ToString())
            .ShouldBe(["all", "myOpen", "current", "newThisWeek", "unread", "stale", "overdue", "recentlyViewed"]);
        views.ShouldContain(v => v["id"]!.ToString() == $"queue-{queue.Id}" && v["kind"]!.ToString() == "queue");
        views.ShouldNotContain(v => v["name"]!.ToString() == others);
    }

    [Fact]
    public async Task VW1_new_this_week_holds_what_was_created_since_monday()
    {
        await Create("New");
        await Aged("Old", 8);
        (await Names("view=newThisWeek")).ShouldBe(["New"]);
    }

    [Fact]
    public async Task VW1_unread_holds_my_open_leads_that_I_have_not_opened()
    {
        await Create("Unread");
        var read = await Create("Read");
        await rep.Put($"/api/leads/{read.Id}/opened", new { });
        await app.As(TestUser.OtherRep).CreateLead(new { lastName = "Theirs", company });

        (await Names("view=unread")).ShouldBe(["Unread"]);
    }

    [Fact]
    public async Task LC8_stale_holds_current_leads_without_a_touch_for_seven_days()
    {
        await Create("Fresh");
        await Aged("Never touched", 9);
        await Aged("Touched lately", 30, touched: 6);
        await Aged("Touched long ago", 30, touched: 8);
        var gone = await Aged("Turned down", 30);
        (await rep.Post($"/api/leads/{gone.Id}/status", new { status = "Not Qualified", reason = "No", followUpInDays = 7 })).ShouldBe(HttpStatusCode.OK);

        (await Names("view=stale")).ShouldBe(["Touched long ago", "Never touched"]);
    }

    [Fact]
    public async Task LC8_overdue_holds_leads_that_are_open_fourteen_days_after_they_were_created_or_reopened()
    {
        await Aged("Young", 13);
        await Aged("Old", 16);
        var back = await Aged("Reopened", 40);
        await app.Database.Execute("update leads set reopened_at = now() - interval '3 days' where id = $1", Guid.Parse(back.Id));
        var nurtured = await Aged("Nurtured", 40);
        (await rep.Post($"/api/leads/{nurtured.Id}/status", new { status = "Nurturing" })).ShouldBe(HttpStatusCode.OK);

        (await Names("view=overdue")).ShouldBe(["Old"]);
    }

    [Theory]
    [InlineData("Pacific/Kiritimati", 14)]
    [InlineData("Pacific/Pago_Pago", -11)]
    public async Task LC8_a_lead_is_overdue_by_the_organisations_calendar_and_settings_say_since_when(string zone, int hoursAheadOfUtc)
    {
        var (late, inTime) = (await Create("Late"), await Create("In time"));
        await app.KeepTimeIn(zone);
        try
        {
            var before = DateTimeOffset.Parse((await rep.Get("/api/leads/settings")).ShouldBe(HttpStatusCode.OK)["overdueBefore"]!, CultureInfo.InvariantCulture);
            before.ToOffset(TimeSpan.FromHours(hoursAheadOfUtc)).TimeOfDay.ShouldBe(TimeSpan.Zero);
            (DateTimeOffset.UtcNow - before).TotalDays.ShouldBeInRange(14, 15.01);

            await app.Database.Execute("update leads set created_at = $2 where id = $1", Guid.Parse(late.Id), before.AddSeconds(-1));
            await app.Database.Execute("update leads set created_at = $2 where id = $1", Guid.Parse(inTime.Id), before);
            (await Names("view=overdue")).ShouldBe(["Late"]);
        }
        finally
        {
            await app.KeepTimeIn("UTC");
        }
    }

    [Fact]
    public async Task LC8_setup_says_after_how_many_days_leads_are_stale_and_overdue()
    {
        var admin = app.As(TestUser.Admin);
        await Aged("Five days old", 5);
        var settings = (await admin.Get("/api/leads/settings")).ShouldBe(HttpStatusCode.OK);
        (settings["staleAfterDays"], settings["overdueAfterDays"]).ShouldBe(("7", "14"));

        (await rep.Put("/api/leads/settings", new { staleAfterDays = 3, overdueAfterDays = 4 }, settings.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await admin.Put("/api/leads/settings", new { staleAfterDays = 0, overdueAfterDays = 4 }, settings.ETag)).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("staleAfterDays").ShouldNotBeEmpty();
        var changed = (await admin.Put("/api/leads/settings", new { staleAfterDays = 3, overdueAfterDays = 4 }, settings.ETag)).ShouldBe(HttpStatusCode.OK);

        (await Names("view=stale")).ShouldBe(["Five days old"]);
        (await Names("view=overdue")).ShouldBe(["Five days old"]);
        (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14 }, settings.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await admin.Put("/api/leads/settings", new { staleAfterDays = 7, overdueAfterDays = 14 }, changed.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task VW1_recently_viewed_holds_what_I_opened_last_first_and_what_nobody_else_did()
    {
        var (first, second, never) = (await Create("First"), await Create("Second"), await Create("Never"));
        foreach (var lead in (Answer[])[first, second])
        {
            (await rep.Put($"/api/leads/{lead.Id}/opened", new { })).ShouldBe(HttpStatusCode.NoContent);
            app.Clock.PutForward(TimeSpan.FromSeconds(1));
        }
        await app.As(TestUser.Admin).Put($"/api/leads/{never.Id}/opened", new { });

        (await Names("view=recentlyViewed")).ShouldBe(["Second", "First"]);
        app.Clock.PutForward(TimeSpan.FromSeconds(1));
        await rep.Put($"/api/leads/{first.Id}/opened", new { });
        (await Names("view=recentlyViewed")).ShouldBe(["First", "Second"]);
        (await Names("view=recentlyViewed&limit=1")).ShouldBe(["First"]);
    }

    [Fact]
    public async Task VW2_a_view_filters_by_its_logic_and_sorts_unless_the_list_is_asked_otherwise()
    {
        await Create("A", new { city = "Bath", score = 90 });
        await Create("B", new { city = "York", score = 70 });
        await Create("C", new { city = "York", score = 20 });
        await Create("D", new { city = "Hull", score = 95 });
        var view = await Make(new
        {
            name = company, sort = "-score", columns = new[] { "lastName", "score", "ownerName" },
            filter = new
            {
                logic = "1 AND (2 OR 3)",
                conditions = new object[] { Is("company", company), Is("city", "Bath"), new { field = "city", @operator = "in", value = "York,Leeds" } },
            },
        });

        (await Names($"view={view.Id}")).ShouldBe(["A", "B", "C"]);
        (await Names($"view={view.Id}&sort=lastName&score[lt]=80")).ShouldBe(["B", "C"]);
        (await rep.Get($"/api/leads?view={view.Id}&count=true&limit=1"))["count"].ShouldBe("3");
        var read = (await rep.Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.OK);
        read.Body!["columns"]!.AsArray().Select(c => c!.ToString()).ShouldBe(["lastName", "score", "ownerName"]);
        read.ShouldSatisfyAllConditions(v => v["sort"].ShouldBe("-score"), v => v["mayChange"].ShouldBe("true"), v => v.Body!["filter"]!["logic"]!.ToString().ShouldBe("1 AND (2 OR 3)"));
    }

    [Theory]
    [InlineData("NOT 1", "score", "gte", "60", "Low,None")]
    [InlineData("NOT 1", "city", "contains", "at", "Low,None")]
    [InlineData("NOT 1", "city", "is", "", "High")]
    [InlineData("NOT 1", "city", "in", "Bath,York", "Low,None")]
    public async Task VW2_what_is_not_so_holds_also_where_nothing_is_said(string logic, string field, string @operator, string value, string expected)
    {
        await Create("High", new { city = "Bath", score = 90 });
        await Create("Low", new { score = 10 });
        await Create("None");
        var view = await Make(new { name = company + field + @operator, filter = new { logic, conditions = new object[] { new { field, @operator, value } } } });
        (await Names($"view={view.Id}&sort=lastName")).ShouldBe(expected.Split(','));
    }

    [Fact]
    public async Task VW2_me_is_whoever_looks_and_days_move_on_with_the_calendar()
    {
        await Create("Mine");
        await app.As(TestUser.OtherRep).CreateLead(new { lastName = "Theirs", company });
        await Aged("Mine of last month", 40);
        var view = await Make(new
        {
            name = company, sharedWith = new { everyone = true },
            filter = new { conditions = new object[] { Is("ownerId", "me"), Is("company", company), new { field = "createdAt", @operator = "gte", value = "today-7d" } } },
        });

        (await Names($"view={view.Id}")).ShouldBe(["Mine"]);
        (await Names($"view={view.Id}", app.As(TestUser.OtherRep))).ShouldBe(["Theirs"]);
        (await Names("ownerId=me&createdAt=today")).ShouldBe(["Mine"]);
        (await Names("ownerId=me&createdAt[lt]=today-30d")).ShouldBe(["Mine of last month"]);
        (await rep.Get("/api/leads?createdAt[contains]=today")).ShouldBe(HttpStatusCode.BadRequest, "bad-list-query");
    }

    [Fact]
    public async Task VW2_views_filter_by_custom_fields_and_say_so_when_one_is_gone()
    {
        var admin = app.As(TestUser.Admin);
        var key = "seen" + Guid.NewGuid().ToString("N")[..8];
        var field = (await admin.Post("/api/leads/custom-fields", new { key, label = "Seen", type = "date" })).ShouldBe(HttpStatusCode.Created);
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await admin.CreateLead(new { lastName = "Seen", company, custom = new Dictionary<string, object> { [key] = today } });
        await admin.CreateLead(new { lastName = "Seen once", company, custom = new Dictionary<string, object> { [key] = "2020-01-31" } });
        var view = (await admin.Post("/api/leads/views", new { name = company, columns = new[] { $"custom.{key}" }, filter = new { conditions = new object[] { Is($"custom.{key}", "thisYear") } } })).ShouldBe(HttpStatusCode.Created);

        (await Names($"view={view.Id}", admin)).ShouldBe(["Seen"]);

        (await admin.Delete($"/api/leads/custom-fields/{field.Id}", field.ETag)).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(async () => (await admin.Get($"/api/leads?view={view.Id}")).Status == HttpStatusCode.BadRequest, "the field is gone");
        (await admin.Get($"/api/leads?view={view.Id}"))["detail"]!.ShouldContain($"custom.{key}");
    }

    [Fact]
    public async Task VW2_what_makes_no_sense_is_refused_all_at_once()
    {
        var refused = (await rep.Post("/api/leads/views", new
        {
            name = " ", sort = "-status,shoeSize", columns = new[] { "lastName", "shoeSize" },
            filter = new { logic = "1 AND 2 OR 3", conditions = new object[] { Is("shoeSize", "9"), new { field = "score", @operator = "gte", value = "many" }, Is("createdAt", "someday") } },
            sharedWith = new { userIds = new[] { Guid.NewGuid() }, teamIds = new[] { Guid.NewGuid() } },
        })).ShouldBe(HttpStatusCode.UnprocessableEntity, "validation");

        foreach (var field in (string[])["name", "sort", "columns", "filter.logic", "filter.conditions[0]", "filter.conditions[1]", "filter.conditions[2]", "sharedWith.userIds", "sharedWith.teamIds"])
            refused.Errors(field).ShouldNotBeEmpty(field);
    }

    [Fact]
    public async Task VW2_a_view_is_changed_in_the_version_that_was_read_and_deleted_with_its_pins()
    {
        var view = await Make(new { name = company });
        (await rep.Post("/api/leads/views", new { name = company })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("name").ShouldContain("already");
        (await rep.Put($"/api/leads/views/{view.Id}", new { name = "Other" })).ShouldBe(HttpStatusCode.PreconditionRequired);
        var changed = (await rep.Put($"/api/leads/views/{view.Id}", new { name = company + " 2", sort = "lastName" }, view.ETag)).ShouldBe(HttpStatusCode.OK);
        (await rep.Put($"/api/leads/views/{view.Id}", new { name = "Other" }, view.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await rep.Put($"/api/leads/views/{view.Id}/pinned", new { isPinned = true })).ShouldBe(HttpStatusCode.NoContent);

        (await rep.Delete($"/api/leads/views/{view.Id}", changed.ETag)).ShouldBe(HttpStatusCode.NoContent);

        (await rep.Get($"/api/leads/views/{view.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await rep.Get($"/api/leads?view={view.Id}")).ShouldBe(HttpStatusCode.NotFound, "no-such-view");
        (await app.Database.Scalar<long>("select count(*) from lead_view_pins where view = $1", view.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task VW2_views_are_pinned_for_oneself_alone_built_in_ones_too()
    {
        var view = await Make(new { name = company, sharedWith = new { everyone = true } });
        foreach (var id in (string[])["stale", view.Id]) (await rep.Put($"/api/leads/views/{id}/pinned", new { isPinned = true })).ShouldBe(HttpStatusCode.NoContent);
        (await rep.Put($"/api/leads/views/{Guid.NewGuid()}/pinned", new { isPinned = true })).ShouldBe(HttpStatusCode.NotFound);

        (await Pinned(rep)).ShouldBe(["stale", view.Id]);
        (await Pinned(app.As(TestUser.OtherRep))).ShouldBeEmpty();

        foreach (var id in (string[])["stale", view.Id]) await rep.Put($"/api/leads/views/{id}/pinned", new { isPinned = false });
        (await Pinned(rep)).ShouldBeEmpty();
    }

    private static object Is(string field, string value) => new { field, value };

    private async Task<Answer> Make(object view) => (await rep.Post("/api/leads/views", view)).ShouldBe(HttpStatusCode.Created);

    private async Task<JsonNode[]> Views() => [.. (await rep.Get("/api/leads/views")).ShouldBe(HttpStatusCode.OK).Body!.AsArray().Select(v => v!)];

    private static async Task<string[]> Pinned(HttpClient user) =>
        [.. (await user.Get("/api/leads/views")).Body!.AsArray().Where(v => v!["isPinned"]!.GetValue<bool>()).Select(v => v!["id"]!.ToString())];

    private Task<Answer> Create(string lastName, object? more = null)
    {
        var lead = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        (lead["lastName"], lead["company"]) = (lastName, company);
        return rep.CreateLead(lead);
    }

    /// <summary>A lead that was created so many days ago, and touched.</summary>
    private async Task<Answer> Aged(string lastName, int days, int? touched = null)
    {
        var lead = await Create(lastName);
        await app.Database.Execute("update leads set created_at = now() - make_interval(days => $2) where id = $1", Guid.Parse(lead.Id), days);
        if (touched is { } ago) await app.Database.Execute("update lead_signals set last_touch_at = now() - make_interval(days => $2) where lead_id = $1", Guid.Parse(lead.Id), ago);
        return lead;
    }

    private async Task<string[]> Names(string query, HttpClient? user = null) =>
        [.. (await (user ?? rep).Get($"/api/leads?company={company}&{query}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(l => l!["lastName"]!.ToString())];
}

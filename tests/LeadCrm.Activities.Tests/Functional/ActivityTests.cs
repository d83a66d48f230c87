using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>Tasks, events, calls and e-mails (AV1), and how every record behaves.</summary>
[Collection(nameof(OneApp))]
public sealed class ActivityTests(ActivitiesApp app)
{
    [Fact]
    public async Task AV1_a_task_has_a_day_a_priority_a_status_and_a_reminder()
    {
        var lead = await app.Lead();
        var reminder = DateTimeOffset.UtcNow.AddDays(2);

        var task = await app.Activity(new { kind = "task", subject = "Send the offer", dueOn = "2031-05-04", priority = "high", reminderAt = reminder }, "lead", lead);

        task["dueOn"].GetString().ShouldBe("2031-05-04");
        task["priority"].GetString().ShouldBe("high");
        task["status"].GetString().ShouldBe("notStarted");
        task["reminderAt"].GetDateTimeOffset().ShouldBe(reminder, TimeSpan.FromMilliseconds(1));
        task["ownerId"].GetGuid().ShouldBe(TestUser.Rep.Id);
        task["related"].EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("Kim Doe");
        task.ETag.ShouldBe("\"1\"");
        task.Headers.Location!.ToString().ShouldBe($"/api/activities/{task.Id}");
    }

    [Fact]
    public async Task AV1_an_event_has_a_place_attendees_and_lasts_an_hour_unless_said_otherwise()
    {
        var starts = new DateTimeOffset(2031, 5, 4, 9, 0, 0, TimeSpan.Zero);

        var meeting = await app.Activity(new { kind = "event", subject = "Meet", startsAt = starts, place = "Their office", attendees = new[] { new { name = "Kim", email = "kim@example.com" } } }, "lead", await app.Lead());

        meeting["endsAt"].GetDateTimeOffset().ShouldBe(starts.AddHours(1));
        meeting["place"].GetString().ShouldBe("Their office");
        meeting["attendees"][0].GetProperty("email").GetString().ShouldBe("kim@example.com");
    }

    [Fact]
    public async Task AV1_an_email_keeps_its_parties_and_a_harmless_body_and_attachments()
    {
        var lead = await app.Lead();
        var file = (await app.Rep.Upload($"/api/files?recordType=lead&recordId={lead}", "offer"u8.ToArray(), "offer.txt")).ShouldBe(HttpStatusCode.Created);

        var mail = await app.Activity(new
        {
            kind = "email", subject = "Our offer", from = "rita@example.com", to = new[] { "kim@example.com" }, cc = new[] { "boss@example.com" },
            body = "<p>Dear Kim<script>alert(1)</script></p>", attachmentIds = new[] { file.Id },
        }, "lead", lead);

        mail["to"][0].GetString().ShouldBe("kim@example.com");
        mail["cc"][0].GetString().ShouldBe("boss@example.com");
        mail["body"].GetString().ShouldBe("<p>Dear Kim</p>");
        mail["attachmentIds"][0].GetGuid().ShouldBe(file.Id);
        mail["direction"].GetString().ShouldBe("outbound");
    }

    [Fact]
    public async Task AV1_an_activity_relates_to_one_person_and_up_to_ten_records()
    {
        var (lead, contact) = (await app.Lead(), await app.Record("contact"));
        var accounts = new List<object>();
        for (var i = 0; i < 11; i++) accounts.Add(new { type = "account", id = await app.Record("account") });

        var twoPersons = await app.Rep.Post("/api/activities", new { kind = "call", subject = "Both", related = new[] { new { type = "lead", id = lead }, new { type = "contact", id = contact } } });
        var eleven = await app.Rep.Post("/api/activities", new { kind = "call", subject = "Many", related = accounts });
        var ten = await app.Rep.Post("/api/activities", new { kind = "call", subject = "Ten", related = accounts.Take(10).Append(new { type = "lead", id = lead }) });

        twoPersons.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["related"]);
        eleven.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["related"]);
        ten.ShouldBe(HttpStatusCode.Created)["related"].GetArrayLength().ShouldBe(11);
    }

    [Fact]
    public async Task AV1_everything_that_is_wrong_is_said_at_once_by_field()
    {
        var answer = await app.Rep.Post("/api/activities", new { kind = "call", subject = " ", dueOn = "2031-05-04", durationMinutes = -1, happenedAt = DateTimeOffset.UtcNow.AddDays(1), ownerId = Guid.NewGuid() });

        answer.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["dueOn", "durationMinutes", "happenedAt", "ownerId", "subject"]);
    }

    [Fact]
    public async Task AV1_a_record_that_is_not_known_takes_nothing()
    {
        var answer = await app.Rep.Post("/api/activities", new { kind = "task", subject = "Nobody", related = new[] { new { type = "planet", id = Guid.NewGuid() } } });

        answer.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["related"]);
    }

    [Fact]
    public async Task AV2_logging_a_call_is_one_line_of_text_and_a_record()
    {
        var lead = await app.Lead();

        var call = (await app.Rep.Post("/api/activities/calls", new { text = "Left a message", recordType = "lead", recordId = lead })).ShouldBe(HttpStatusCode.Created);

        call["kind"].GetString().ShouldBe("call");
        call["subject"].GetString().ShouldBe("Left a message");
        call["direction"].GetString().ShouldBe("outbound");
        call["ownerId"].GetGuid().ShouldBe(TestUser.Rep.Id);
        call["happenedAt"].GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        call["related"][0].GetProperty("id").GetGuid().ShouldBe(lead);
    }

    [Fact]
    public async Task AV2_a_call_without_a_text_or_a_record_is_refused()
    {
        var answer = await app.Rep.Post("/api/activities/calls", new { text = "" });

        answer.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["recordId", "text"]);
    }

    [Fact]
    public async Task AV1_a_merge_patch_changes_what_it_names_and_needs_the_version()
    {
        var task = await app.OpenTask(await app.Lead());

        (await app.Rep.Patch($"/api/activities/{task.Id}", new { subject = "Other" }, null)).ShouldBe((HttpStatusCode)428);
        (await app.Rep.Patch($"/api/activities/{task.Id}", new { subject = "Other" }, "\"7\"")).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await app.Rep.Patch($"/api/activities/{task.Id}", new { unheardOf = 1 }, task.ETag)).ShouldBe(HttpStatusCode.BadRequest);
        var changed = (await app.Rep.Patch($"/api/activities/{task.Id}", new { status = "completed" }, task.ETag)).ShouldBe(HttpStatusCode.OK);

        changed["subject"].GetString().ShouldBe("Send the offer");
        changed["status"].GetString().ShouldBe("completed");
        changed["completedAt"].GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        changed.ETag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task AV1_a_key_makes_a_post_safe_to_repeat()
    {
        var body = new { text = "Once", recordType = "lead", recordId = await app.Lead() };
        var key = Guid.NewGuid().ToString();

        var first = (await app.Rep.Post("/api/activities/calls", body, idempotencyKey: key)).ShouldBe(HttpStatusCode.Created);
        var second = (await app.Rep.Post("/api/activities/calls", body, idempotencyKey: key)).ShouldBe(HttpStatusCode.Created);

        second.Id.ShouldBe(first.Id);
        (await app.Rep.Get($"/api/activities?recordType=lead&recordId={body.recordId}")).Items.Length.ShouldBe(1);
    }

    [Fact]
    public async Task PM6_every_changed_field_is_in_the_history()
    {
        var task = await app.OpenTask(await app.Lead());
        await app.Rep.Patch($"/api/activities/{task.Id}", new { priority = "high" }, task.ETag);

        var history = (await app.Rep.Get($"/api/activities/{task.Id}/history")).ShouldBe(HttpStatusCode.OK).Items;

        history.Strings("kind").ShouldBe(["updated", "created"]);
        history[0].GetProperty("changes").GetProperty("priority").GetProperty("old").GetString().ShouldBe("normal");
        history[0].GetProperty("actorId").GetGuid().ShouldBe(TestUser.Rep.Id);
    }

    [Fact]
    public async Task AV1_lists_filter_sort_search_and_page()
    {
        var lead = await app.Lead();
        await app.Activity(new { kind = "task", subject = "Zebra contract", dueOn = "2031-01-02" }, "lead", lead);
        await app.Activity(new { kind = "task", subject = "Apple contract", dueOn = "2031-01-01", status = "completed" }, "lead", lead);
        await app.Activity(new { kind = "call", subject = "Mango" }, "lead", lead);
        var of = $"/api/activities?recordType=lead&recordId={lead}";

        (await app.Rep.Get($"{of}&kind=task&sort=subject")).Items.Strings("subject").ShouldBe(["Apple contract", "Zebra contract"]);
        (await app.Rep.Get($"{of}&status=completed")).Items.Strings("subject").ShouldBe(["Apple contract"]);
        (await app.Rep.Get($"{of}&dueOn[gte]=2031-01-02")).Items.Strings("subject").ShouldBe(["Zebra contract"]);
        (await app.Rep.Get($"{of}&q=mangp")).Items.Strings("subject").ShouldBe(["Mango"]);
        var first = (await app.Rep.Get($"{of}&sort=subject&limit=2")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"{of}&sort=subject&limit=2&after={first["next"].GetString()}")).Items.Strings("subject").ShouldBe(["Zebra contract"]);
        (await app.Rep.Get($"{of}&colour=red")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task AV3_my_tasks_are_overdue_today_upcoming_and_without_a_day()
    {
        var me = TestUser.With("activities.read", "activities.create", "activities.edit", "leads.read", "leads.edit");
        await app.Know(me);
        var caller = app.By(me);
        var lead = await app.Lead(me);
        foreach (var (subject, day) in new (string, DateOnly?)[] { ("later", ActivitiesApp.Today.AddDays(1)), ("none", null), ("late", ActivitiesApp.Today.AddDays(-1)), ("now", ActivitiesApp.Today) })
            await app.Activity(new { kind = "task", subject, dueOn = day }, "lead", lead, caller);
        await app.Activity(new { kind = "task", subject = "done", status = "completed", dueOn = ActivitiesApp.Today }, "lead", lead, caller);

        var mine = (await caller.Get("/api/activities/my-tasks")).ShouldBe(HttpStatusCode.OK);

        mine.Items.Strings("subject").ShouldBe(["late", "now", "later", "none"]);
        mine.Items.Strings("bucket").ShouldBe(["overdue", "today", "upcoming", "noDay"]);
        mine["counts"].GetProperty("overdue").GetInt32().ShouldBe(1);
        mine.Items[0].GetProperty("related")[0].GetProperty("name").GetString().ShouldBe("Kim Doe");
        (await caller.Get("/api/activities/my-tasks?bucket=today")).Items.Strings("subject").ShouldBe(["now"]);
    }

    [Fact]
    public async Task PM7_what_was_deleted_lies_in_the_recycle_bin_and_comes_back_everywhere()
    {
        var (lead, account) = (await app.Lead(), await app.Record("account"));
        var task = (await app.Rep.Post("/api/activities", new { kind = "task", subject = "Shared", related = new[] { new { type = "lead", id = lead }, new { type = "account", id = account } } })).ShouldBe(HttpStatusCode.Created);

        (await app.Rep.Delete($"/api/activities/{task.Id}", task.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await app.Rep.Get($"/api/activities/{task.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/activities/timeline?recordType=account&recordId={account}")).Items.ShouldBeEmpty();
        (await app.Rep.Get($"/api/activities?recordType=lead&recordId={lead}&deleted=true")).Items.Length.ShouldBe(1);

        (await app.Rep.Post($"/api/activities/{task.Id}/restore")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/activities/timeline?recordType=account&recordId={account}")).Items.Length.ShouldBe(1);
        (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={lead}")).Items.Length.ShouldBe(1);
    }

    [Fact]
    public async Task AV1_a_due_reminder_tells_the_owner_once()
    {
        var task = await app.Activity(new { kind = "task", subject = "Remember me", reminderAt = DateTimeOffset.UtcNow.AddSeconds(-1) }, "lead", await app.Lead());

        await Eventually.Is(async () => (await app.Rep.Get($"/api/notifications?recordId={task.Id}")).Items.Length == 1);

        var told = (await app.Rep.Get($"/api/notifications?recordId={task.Id}")).Items[0];
        told.GetProperty("kind").GetString().ShouldBe("taskReminder");
        told.GetProperty("text").GetString().ShouldBe("Remember me");
        (await app.Rep.Put($"/api/notifications/{told.GetProperty("id").GetGuid()}/read", new { read = true })).ShouldBe(HttpStatusCode.NoContent);
        (await app.Rep.Get($"/api/notifications?recordId={task.Id}&readAt=")).Items.ShouldBeEmpty();
        (await app.Other.Get($"/api/notifications?recordId={task.Id}")).Items.ShouldBeEmpty();
    }
}

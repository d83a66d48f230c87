using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>An organisation that shares nothing by itself: who owns a record decides.</summary>
public sealed class ClosedHouse : ActivitiesApp
{
    protected override async Task Prepare()
    {
        foreach (var type in (string[])["lead", "account", "contact", "opportunity"]) await ClosedFor(type);
    }
}

/// <summary>Who may see and change what (PM2, PM5).</summary>
public sealed class VisibilityTests(ClosedHouse app) : IClassFixture<ClosedHouse>
{
    [Fact]
    public async Task PM5_an_activity_is_seen_by_its_owner_its_creator_and_whoever_sees_a_record_it_hangs_on()
    {
        var (mine, theirs) = (await app.Lead(TestUser.Rep), await app.Lead(TestUser.OtherRep));
        var onMine = await app.OpenTask(mine);
        var onTheirs = await app.OpenTask(theirs, by: app.Other);
        var forMe = (await app.Other.Post("/api/activities", new { kind = "task", subject = "For Rita", ownerId = TestUser.Rep.Id, related = new[] { new { type = "lead", id = theirs } } })).ShouldBe(HttpStatusCode.Created);

        (await app.Rep.Get($"/api/activities/{onMine.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/activities/{forMe.Id}")).ShouldBe(HttpStatusCode.OK)["related"][0].GetProperty("name").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await app.Rep.Get($"/api/activities/{onTheirs.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Other.Get($"/api/activities/{forMe.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.Other.Get($"/api/activities/{onMine.Id}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PM5_lists_counts_history_and_timelines_show_no_more_than_that()
    {
        var theirs = await app.Lead(TestUser.OtherRep);
        var task = await app.OpenTask(theirs, by: app.Other);

        (await app.Rep.Get($"/api/activities?recordType=lead&recordId={theirs}&count=true")).ShouldBe(HttpStatusCode.OK)["count"].GetInt64().ShouldBe(0);
        (await app.Rep.Get($"/api/activities/{task.Id}/history")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={theirs}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Other.Get($"/api/activities?recordType=lead&recordId={theirs}&count=true"))["count"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task PM5_who_hangs_an_activity_on_a_record_must_see_it()
    {
        var theirs = await app.Lead(TestUser.OtherRep);

        (await app.Rep.Post("/api/activities/calls", new { text = "Hello", recordType = "lead", recordId = theirs })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["related"]);
        (await app.Rep.Put($"/api/follows/lead/{theirs}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PM5_the_owner_of_a_record_may_change_what_others_put_on_it()
    {
        var mine = await app.Lead(TestUser.Rep);
        var task = await app.OpenTask(mine);
        await app.Database.Execute("update items set owner_id = $2, created_by = $2 where id = $1", task.Id, TestUser.OtherRep.Id);

        (await app.Rep.Patch($"/api/activities/{task.Id}", new { subject = "Changed" }, task.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PM5_who_sees_a_record_without_the_right_to_edit_it_may_not_change_what_others_put_on_it()
    {
        var reader = TestUser.With("activities.read", "activities.edit", "leads.read", "data.viewAll");
        await app.Know(reader);
        var task = await app.OpenTask(await app.Lead());

        (await app.By(reader).Get($"/api/activities/{task.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.By(reader).Patch($"/api/activities/{task.Id}", new { subject = "Mine now" }, task.ETag)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task PM5_a_permission_is_needed_for_each_action()
    {
        var task = await app.OpenTask(await app.Lead());

        (await app.Reader.Post("/api/activities", new { kind = "task", subject = "No" })).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Reader.Delete($"/api/activities/{task.Id}", task.ETag)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task AV5_a_private_note_is_seen_by_its_author_alone()
    {
        var lead = await app.Lead();
        var note = (await app.Rep.Post("/api/notes", new { html = "My doubts", isPrivate = true, related = new[] { new { type = "lead", id = lead } } })).ShouldBe(HttpStatusCode.Created);
        var everything = TestUser.With("activities.read", "activities.edit", "activities.delete", "leads.read", "leads.edit", "data.viewAll", "data.editAll");
        await app.Know(everything);

        (await app.Rep.Get($"/api/notes/{note.Id}")).ShouldBe(HttpStatusCode.OK);
        foreach (var other in new[] { app.By(everything), app.Other })
        {
            (await other.Get($"/api/notes/{note.Id}")).ShouldBe(HttpStatusCode.NotFound);
            (await other.Get($"/api/notes/{note.Id}/history")).ShouldBe(HttpStatusCode.NotFound);
            (await other.Delete($"/api/notes/{note.Id}", note.ETag)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        (await app.By(everything).Get($"/api/notes?recordType=lead&recordId={lead}")).Items.ShouldBeEmpty();
        (await app.By(everything).Get($"/api/activities/timeline?recordType=lead&recordId={lead}")).Items.ShouldBeEmpty();
        (await app.Rep.Get($"/api/activities/timeline?recordType=lead&recordId={lead}")).Items.Length.ShouldBe(1);
    }
}

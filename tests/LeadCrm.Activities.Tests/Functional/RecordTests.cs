using System.Net;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>What happens here when a record changes elsewhere.</summary>
[Collection(nameof(OneApp))]
public sealed class RecordTests(ActivitiesApp app)
{
    private async Task<Answer[]> Tasks(Guid lead)
    {
        var found = (await app.Admin.Get($"/api/activities?recordType=lead&recordId={lead}&kind=task")).ShouldBe(HttpStatusCode.OK).Items;
        List<Answer> tasks = [];
        foreach (var item in found) tasks.Add(await app.Admin.Get($"/api/activities/{item.GetProperty("id").GetGuid()}"));
        return [.. tasks];
    }

    [Fact]
    public async Task LC2_a_lead_that_is_not_qualified_gets_one_task_for_its_owner_on_the_follow_up_date()
    {
        var lead = Guid.CreateVersion7();
        var day = ActivitiesApp.Today.AddDays(30);
        await app.Tell(ActivitiesApp.State(lead, 1), ChangeKind.Created);
        await app.Tell(ActivitiesApp.State(lead, 2, category: "notQualified", reason: "No budget", followUpOn: day));
        await app.Tell(ActivitiesApp.State(lead, 3, category: "notQualified", reason: "No budget", followUpOn: day));
        await Eventually.Is(async () => await Version(lead) == 3);

        var task = (await Tasks(lead)).ShouldHaveSingleItem();

        task["dueOn"].GetString().ShouldBe(day.ToString("O"));
        task["ownerId"].GetGuid().ShouldBe(TestUser.Rep.Id);
        task["subject"].GetString().ShouldBe("Look at Kim Doe again");
        task["description"].GetString().ShouldBe("Not qualified: No budget");
    }

    [Fact]
    public async Task LC2_another_follow_up_date_moves_the_open_task()
    {
        var lead = Guid.CreateVersion7();
        await app.Tell(ActivitiesApp.State(lead, 2, category: "notQualified", reason: "Later", followUpOn: ActivitiesApp.Today.AddDays(7)));
        await Eventually.Is(async () => await Version(lead) == 2);
        await app.Tell(ActivitiesApp.State(lead, 3, category: "notQualified", reason: "Later", followUpOn: ActivitiesApp.Today.AddDays(90)));
        await Eventually.Is(async () => await Version(lead) == 3);

        (await Tasks(lead)).ShouldHaveSingleItem()["dueOn"].GetString().ShouldBe(ActivitiesApp.Today.AddDays(90).ToString("O"));
    }

    [Fact]
    public async Task LC2_an_old_state_that_comes_late_plans_nothing()
    {
        var lead = Guid.CreateVersion7();
        await app.Tell(ActivitiesApp.State(lead, 5));
        await Eventually.Is(async () => await Version(lead) == 5);
        await app.Tell(ActivitiesApp.State(lead, 4, category: "notQualified", reason: "Old", followUpOn: ActivitiesApp.Today.AddDays(7)));
        await app.Tell(ActivitiesApp.State(lead, 6));
        await Eventually.Is(async () => await Version(lead) == 6);

        (await Tasks(lead)).ShouldBeEmpty();
    }

    [Fact]
    public async Task PM7_deleting_a_lead_takes_what_hangs_on_nothing_else_along_and_restoring_brings_exactly_that_back()
    {
        var (lead, account) = (await app.Lead(), await app.Record("account"));
        var only = await app.OpenTask(lead, "Only here");
        var note = (await app.Rep.Post("/api/notes", new { html = "Only here", related = new[] { new { type = "lead", id = lead } } })).ShouldBe(HttpStatusCode.Created);
        var file = (await app.Rep.Upload($"/api/files?recordType=lead&recordId={lead}", "x"u8.ToArray(), "only.txt")).ShouldBe(HttpStatusCode.Created);
        var shared = (await app.Rep.Post("/api/activities", new { kind = "call", subject = "Also there", related = new[] { new { type = "lead", id = lead }, new { type = "account", id = account } } })).ShouldBe(HttpStatusCode.Created);
        var before = await app.OpenTask(lead, "Deleted before");
        await app.Rep.Delete($"/api/activities/{before.Id}", before.ETag);

        await app.Tell(ActivitiesApp.State(lead, 2, deleted: true), ChangeKind.Deleted);
        await Eventually.Is(async () => (await app.Rep.Get($"/api/activities/{only.Id}")).Status == HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/notes/{note.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/files/{file.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/activities/{shared.Id}")).ShouldBe(HttpStatusCode.OK);

        await app.Tell(ActivitiesApp.State(lead, 3), ChangeKind.Restored);
        await Eventually.Is(async () => (await app.Rep.Get($"/api/activities/{only.Id}")).Status == HttpStatusCode.OK);
        (await app.Rep.Get($"/api/notes/{note.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/files/{file.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.Rep.Get($"/api/activities/{before.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/activities/{only.Id}/history")).Items.Strings("kind").ShouldBe(["restored", "deleted", "created"]);
    }

    [Fact]
    public async Task PM7_leads_that_are_deleted_and_restored_in_bulk_take_theirs_along_too()
    {
        var (one, two) = (await app.Lead(), await app.Lead());
        var (first, second) = (await app.OpenTask(one), await app.OpenTask(two));

        await app.Bus.Publish(new LeadsChanged { Kind = ChangeKind.Deleted, Leads = [ActivitiesApp.State(one, 2, deleted: true), ActivitiesApp.State(two, 2, deleted: true)], At = DateTimeOffset.UtcNow });
        await Eventually.Is(async () => (await app.Rep.Get($"/api/activities/{second.Id}")).Status == HttpStatusCode.NotFound);
        (await app.Rep.Get($"/api/activities/{first.Id}")).ShouldBe(HttpStatusCode.NotFound);

        await app.Bus.Publish(new LeadsChanged { Kind = ChangeKind.Restored, Leads = [ActivitiesApp.State(one, 3), ActivitiesApp.State(two, 3)], At = DateTimeOffset.UtcNow });
        await Eventually.Is(async () => (await app.Rep.Get($"/api/activities/{second.Id}")).Status == HttpStatusCode.OK);
        (await app.Rep.Get($"/api/activities/{first.Id}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PM7_a_deleted_lead_takes_nothing_new()
    {
        var lead = await app.Lead();
        await app.Tell(ActivitiesApp.State(lead, 2, deleted: true), ChangeKind.Deleted);
        await Eventually.Is(async () => await Version(lead) == 2);

        (await app.Rep.Post("/api/activities/calls", new { text = "Too late", recordType = "lead", recordId = lead })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["related"]);
    }

    private async Task<long> Version(Guid lead) =>
        await app.Database.Scalar<long>("select coalesce((select version from platform.record_access where record_type = 'lead' and record_id = $1), 0)", lead);
}

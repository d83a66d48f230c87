using System.Diagnostics;
using System.Net;
using LeadCrm.Activities.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>What a conversion does with what hangs on the lead (C15, C16, C17, C20).</summary>
[Collection(nameof(OneApp))]
public sealed class ConversionTests(ActivitiesApp app, ITestOutputHelper output)
{
    /// <summary>A lead that becomes an account, a contact and an opportunity, as the services tell it.</summary>
    private async Task<LeadConverted> Conversion(Guid lead, TestUser? newOwner = null, bool opportunity = true)
    {
        var (account, contact, deal) = (await app.Record("account", newOwner, "Pumps Ltd"), await app.Record("contact", newOwner), await app.Record("opportunity", newOwner, "Ten pumps"));
        return new LeadConverted
        {
            ConversionId = Guid.CreateVersion7(), Lead = ActivitiesApp.State(lead, 9, category: "converted") with { IsConverted = true },
            AccountId = account, AccountCreated = true, ContactId = contact, ContactCreated = true, OpportunityId = opportunity ? deal : null, OpportunityCreated = opportunity,
            OwnerId = (newOwner ?? TestUser.Rep).Id, ActorId = TestUser.Rep.Id, At = DateTimeOffset.UtcNow,
        };
    }

    private async Task<ActivitiesCarriedOver> Carry(LeadConverted conversion)
    {
        await app.Bus.Publish(conversion, TestUser.Rep);
        return await app.Bus.Next<ActivitiesCarriedOver>(answer => answer.ConversionId == conversion.ConversionId);
    }

    private async Task<string?[]> Timeline(string type, Guid id) =>
        (await app.Rep.Get($"/api/activities/timeline?recordType={type}&recordId={id}")).ShouldBe(HttpStatusCode.OK).Items.Strings("subject");

    private async Task<Guid> Owner(Guid activity) => (await app.Rep.Get($"/api/activities/{activity}")).ShouldBe(HttpStatusCode.OK)["ownerId"].GetGuid();

    [Fact]
    public async Task C15_open_and_closed_activities_hang_on_contact_account_and_opportunity_as_one_shared_record()
    {
        var lead = await app.Lead();
        var task = await app.OpenTask(lead, "Open task");
        await app.Activity(new { kind = "call", subject = "Old call" }, "lead", lead);
        var conversion = await Conversion(lead);

        var answer = await Carry(conversion);

        (answer.Activities, answer.Notes, answer.Files).ShouldBe((2, 0, 0));
        foreach (var (type, id) in new[] { ("lead", lead), ("account", conversion.AccountId), ("contact", conversion.ContactId), ("opportunity", conversion.OpportunityId!.Value) })
            (await Timeline(type, id)).ShouldBe(["Open task", "Old call"]);
        (await app.Rep.Get($"/api/activities/{task.Id}"))["related"].GetArrayLength().ShouldBe(4);
        (await app.Database.Scalar<long>("select count(*) from items i join item_links l on l.item_id = i.id and l.record_id = $1", lead)).ShouldBe(2);
    }

    [Fact]
    public async Task C15_deleting_it_anywhere_removes_it_everywhere_and_restoring_likewise()
    {
        var lead = await app.Lead();
        var call = await app.Activity(new { kind = "call", subject = "Shared call" }, "lead", lead);
        var conversion = await Conversion(lead);
        await Carry(conversion);
        var now = await app.Rep.Get($"/api/activities/{call.Id}");

        (await app.Rep.Delete($"/api/activities/{call.Id}", call.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await app.Rep.Delete($"/api/activities/{call.Id}", now.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await Timeline("contact", conversion.ContactId)).ShouldBeEmpty();
        (await Timeline("opportunity", conversion.OpportunityId!.Value)).ShouldBeEmpty();

        (await app.Rep.Post($"/api/activities/{call.Id}/restore")).ShouldBe(HttpStatusCode.OK);
        (await Timeline("contact", conversion.ContactId)).ShouldBe(["Shared call"]);
        (await Timeline("account", conversion.AccountId)).ShouldBe(["Shared call"]);
    }

    [Fact]
    public async Task C15_what_was_deleted_before_the_conversion_comes_back_everywhere_too()
    {
        var lead = await app.Lead();
        var call = await app.Activity(new { kind = "call", subject = "Deleted before" }, "lead", lead);
        await app.Rep.Delete($"/api/activities/{call.Id}", call.ETag);
        var conversion = await Conversion(lead);

        (await Carry(conversion)).Activities.ShouldBe(0);
        await app.Rep.Post($"/api/activities/{call.Id}/restore");

        (await Timeline("account", conversion.AccountId)).ShouldBe(["Deleted before"]);
    }

    [Fact]
    public async Task C15_what_is_put_on_a_converted_lead_later_hangs_on_what_it_became()
    {
        var lead = await app.Lead();
        var conversion = await Conversion(lead);
        await Carry(conversion);

        await app.Activity(new { kind = "call", subject = "Late call" }, "lead", lead);

        (await Timeline("contact", conversion.ContactId)).ShouldBe(["Late call"]);
    }

    [Fact]
    public async Task C15_editing_a_carried_over_activity_keeps_what_the_conversion_added()
    {
        var lead = await app.Lead();
        var task = await app.OpenTask(lead);
        var conversion = await Conversion(lead);
        await Carry(conversion);
        var now = await app.Rep.Get($"/api/activities/{task.Id}");

        (await app.Rep.Patch($"/api/activities/{task.Id}", new { subject = "Changed" }, now.ETag)).ShouldBe(HttpStatusCode.OK)["related"].GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task C16_open_tasks_and_events_of_the_converting_user_move_to_the_new_owner_and_others_stay()
    {
        var lead = await app.Lead();
        var mine = await app.OpenTask(lead, "Mine");
        var meeting = await app.Activity(new { kind = "event", subject = "My meeting", startsAt = DateTimeOffset.UtcNow.AddDays(1) }, "lead", lead);
        var past = await app.Activity(new { kind = "event", subject = "My past meeting", startsAt = DateTimeOffset.UtcNow.AddDays(-1) }, "lead", lead);
        var done = await app.Activity(new { kind = "task", subject = "Done", status = "completed" }, "lead", lead);
        var theirs = await app.OpenTask(lead, "Theirs", app.Other);
        await app.Know(TestUser.Admin);

        await Carry(await Conversion(lead, TestUser.Admin));

        (await Owner(mine.Id)).ShouldBe(TestUser.Admin.Id);
        (await Owner(meeting.Id)).ShouldBe(TestUser.Admin.Id);
        (await Owner(past.Id)).ShouldBe(TestUser.Rep.Id);
        (await Owner(done.Id)).ShouldBe(TestUser.Rep.Id);
        (await Owner(theirs.Id)).ShouldBe(TestUser.OtherRep.Id);
        (await app.Rep.Get($"/api/activities/{mine.Id}/history")).Items[0].GetProperty("changes").GetProperty("ownerId").GetProperty("new").GetGuid().ShouldBe(TestUser.Admin.Id);
    }

    [Fact]
    public async Task C16_what_somebody_did_who_has_no_access_any_more_passes_to_the_new_owner()
    {
        var lead = await app.Lead();
        var leaver = TestUser.With("leads.read");
        await app.Know(leaver, TestUser.Admin);
        var call = await app.Activity(new { kind = "call", subject = "A call long ago", happenedAt = DateTimeOffset.UtcNow.AddDays(-30) }, "lead", lead);
        var open = await app.OpenTask(lead, "Left behind");
        foreach (var item in new[] { call.Id, open.Id }) await app.Database.Execute("update items set owner_id = $2 where id = $1", item, leaver.Id);
        await app.Database.Execute("update platform.directory_users set is_active = false where id = $1", leaver.Id);

        await Carry(await Conversion(lead, TestUser.Admin));

        (await Owner(call.Id)).ShouldBe(TestUser.Admin.Id);
        (await Owner(open.Id)).ShouldBe(leaver.Id, "only the converting user's open tasks move");
        (await app.Database.Scalar<Guid>("select (changes -> 'ownerId' ->> 'old')::uuid from platform.field_history where record_id = $1 and kind = 'updated' and changes ? 'ownerId'", call.Id)).ShouldBe(leaver.Id);
    }

    [Fact]
    public async Task C17_notes_and_files_hang_on_contact_account_and_opportunity()
    {
        var lead = await app.Lead();
        (await app.Rep.Post("/api/notes", new { html = "Budget is fixed", related = new[] { new { type = "lead", id = lead } } })).ShouldBe(HttpStatusCode.Created);
        (await app.Rep.Upload($"/api/files?recordType=lead&recordId={lead}", "plan"u8.ToArray(), "plan.txt")).ShouldBe(HttpStatusCode.Created);
        var conversion = await Conversion(lead);

        var answer = await Carry(conversion);

        (answer.Activities, answer.Notes, answer.Files).ShouldBe((0, 1, 1));
        (await Timeline("contact", conversion.ContactId)).ShouldBe(["plan.txt", "Budget is fixed"], ignoreOrder: true);
        (await app.Rep.Get($"/api/files?recordType=opportunity&recordId={conversion.OpportunityId}")).Items.Length.ShouldBe(1);
        (await app.Rep.Get($"/api/notes?recordType=account&recordId={conversion.AccountId}")).Items.Length.ShouldBe(1);
    }

    [Fact]
    public async Task C20_followers_get_one_notification_and_follow_what_it_became_as_each_prefers()
    {
        var (fan, shy) = (TestUser.With("activities.read", "leads.read", "accounts.read", "contacts.read", "opportunities.read"), TestUser.With("activities.read", "leads.read", "accounts.read"));
        await app.Know(fan, shy);
        var lead = await app.Lead();
        foreach (var user in new[] { fan, shy }) (await app.By(user).Put($"/api/follows/lead/{lead}")).ShouldBe(HttpStatusCode.NoContent);
        (await app.By(shy).Put("/api/follows/preferences", new { autoFollowConverted = false })).ShouldBe(HttpStatusCode.OK);
        var conversion = await Conversion(lead);

        await Carry(conversion);
        await app.Bus.Publish(conversion, TestUser.Rep);   // delivered again, as another message
        await Eventually.Is(() => app.Bus.All<ActivitiesCarriedOver>().Count(a => a.ConversionId == conversion.ConversionId) == 2);

        foreach (var user in new[] { fan, shy })
        {
            var told = (await app.By(user).Get($"/api/notifications?recordId={lead}")).Items.ShouldHaveSingleItem();
            told.GetProperty("text").GetString().ShouldBe("Kim Doe was converted.");
            told.GetProperty("related").GetArrayLength().ShouldBe(3);
        }
        (await app.By(fan).Get("/api/follows")).Items.Strings("recordType").ShouldBe(["lead", "account", "contact", "opportunity"], ignoreOrder: true);
        (await app.By(shy).Get("/api/follows")).Items.Strings("recordType").ShouldBe(["lead"]);
        (await app.Rep.Get($"/api/notifications?recordId={lead}")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task C39a_the_task_is_made_once_on_the_lead_and_on_all_that_it_became_and_stays_with_its_assignee()
    {
        var lead = await app.Lead();
        var task = new ConversionTask { TaskId = Guid.CreateVersion7(), Subject = "Send the offer", DueOn = new DateOnly(2030, 5, 2), AssigneeId = TestUser.Rep.Id };
        var conversion = await Conversion(lead, TestUser.Admin) with { FollowUpTask = task };

        await Carry(conversion);
        await app.Bus.Publish(conversion, TestUser.Rep);   // delivered again, as another message
        await Eventually.Is(() => app.Bus.All<ActivitiesCarriedOver>().Count(a => a.ConversionId == conversion.ConversionId) == 2);

        var made = (await app.Rep.Get($"/api/activities/{task.TaskId}")).ShouldBe(HttpStatusCode.OK);
        (made["kind"].GetString(), made["subject"].GetString(), made["dueOn"].GetString(), made["ownerId"].GetGuid()).ShouldBe(("task", "Send the offer", "2030-05-02", TestUser.Rep.Id));
        made["related"].GetArrayLength().ShouldBe(4);
        (await Timeline("contact", conversion.ContactId)).ShouldBe(["Send the offer"]);
        (await app.Database.Scalar<Guid>("select follow_up_task_id from conversions where conversion_id = $1", conversion.ConversionId)).ShouldBe(task.TaskId);
    }

    [Fact]
    public async Task C39a_the_task_is_what_comes_next_on_the_opportunity()
    {
        var task = new ConversionTask { TaskId = Guid.CreateVersion7(), Subject = "Call back", DueOn = new DateOnly(2031, 1, 7), AssigneeId = TestUser.Rep.Id };
        var conversion = await Conversion(await app.Lead()) with { FollowUpTask = task };

        await Carry(conversion);

        (await app.Bus.Next<RecordActivityChanged>(state => state.RecordId == conversion.OpportunityId)).NextActivityAt!.Value.UtcDateTime.Date.ShouldBeInRange(new(2031, 1, 6), new(2031, 1, 7));
    }

    [Fact]
    public async Task C39b_the_owner_is_told_once_even_when_following_the_lead_and_not_at_all_unless_asked()
    {
        var owner = TestUser.With("activities.read", "leads.read", "accounts.read", "contacts.read", "opportunities.read");
        await app.Know(owner);
        var (told, quiet) = (await app.Lead(), await app.Lead());
        (await app.By(owner).Put($"/api/follows/lead/{told}")).ShouldBe(HttpStatusCode.NoContent);

        await Carry(await Conversion(told) with { OwnerId = owner.Id, NotifyOwner = true });
        await Carry(await Conversion(quiet) with { OwnerId = owner.Id });

        (await app.By(owner).Get($"/api/notifications?recordId={told}")).Items.ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe("leadConverted");
        (await app.By(owner).Get($"/api/notifications?recordId={quiet}")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task C15_a_repeated_conversion_gets_the_same_answer_and_changes_nothing()
    {
        var lead = await app.Lead();
        await app.OpenTask(lead);
        var conversion = await Conversion(lead);
        var first = await Carry(conversion);
        var links = await app.Database.Scalar<long>("select count(*) from item_links where conversion_id = $1", conversion.ConversionId);

        await app.Bus.Publish(conversion, TestUser.Rep);
        await Eventually.Is(() => app.Bus.All<ActivitiesCarriedOver>().Count(a => a.ConversionId == conversion.ConversionId) == 2);

        app.Bus.All<ActivitiesCarriedOver>().Where(a => a.ConversionId == conversion.ConversionId).ShouldAllBe(a => a == first);
        (await app.Database.Scalar<long>("select count(*) from item_links where conversion_id = $1", conversion.ConversionId)).ShouldBe(links);
    }

    [Fact]
    public async Task C15_a_lead_with_5000_activities_is_carried_over_whole()
    {
        var lead = await app.Lead();
        await Many.Calls(app, lead, 4_000);
        await Many.Tasks(app, lead, 1_000);
        await Carry(await Conversion(await app.Lead()));   // warms up
        var conversion = await Conversion(lead, TestUser.OtherRep);

        var began = Stopwatch.GetTimestamp();
        var answer = await Carry(conversion);
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"5,000 activities carried over to three records, 1,000 of them to a new owner: {took.TotalMilliseconds:0} ms from the event to the answer");
        answer.Activities.ShouldBe(5_000);
        (await app.Database.Scalar<long>("select count(*) from item_links where record_type = 'opportunity' and record_id = $1", conversion.OpportunityId!)).ShouldBe(5_000);
        (await app.Database.Scalar<long>("select count(*) from items i join item_links l on l.item_id = i.id and l.record_id = $1 where i.owner_id = $2", lead, TestUser.OtherRep.Id)).ShouldBe(1_000);
    }
}

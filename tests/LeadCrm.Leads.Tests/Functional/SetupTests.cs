using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Statuses, processes and queues as an administrator edits them; on a service of its own, for these are shared by all leads.</summary>
public sealed class SetupTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task C2_the_last_converted_status_cannot_be_deleted()
    {
        var converted = await Status("Converted");
        (await admin.Delete($"/api/leads/statuses/{converted.Id}", converted.ETag)).ShouldBe(HttpStatusCode.Conflict, "last-converted-status");
    }

    [Fact]
    public async Task C2_the_last_converted_status_cannot_be_unflagged()
    {
        var converted = await Status("Converted");
        (await admin.Put($"/api/leads/statuses/{converted.Id}", new { name = "Converted", category = "qualified", sort = 60 }, converted.ETag)).ShouldBe(HttpStatusCode.Conflict, "last-converted-status");
    }

    [Fact]
    public async Task C2_the_last_converted_status_cannot_be_deactivated()
    {
        var converted = await Status("Converted");
        (await admin.Put($"/api/leads/statuses/{converted.Id}", new { name = "Converted", category = "converted", sort = 60, isActive = false }, converted.ETag)).ShouldBe(HttpStatusCode.Conflict, "last-converted-status");
    }

    [Fact]
    public async Task C2_several_statuses_may_be_flagged_converted_and_one_of_two_may_go()
    {
        var second = (await admin.Post("/api/leads/statuses", new { name = "Customer", category = "converted", sort = 70 })).ShouldBe(HttpStatusCode.Created);
        second["isConverted"].ShouldBe("true");

        (await admin.Delete($"/api/leads/statuses/{second.Id}", second.ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task C2_an_edit_of_a_status_does_not_make_its_leads_converted()
    {
        var status = (await admin.Post("/api/leads/statuses", new { name = "Won over", category = "qualified", sort = 45 })).ShouldBe(HttpStatusCode.Created);
        await admin.CreateLead(new { lastName = "Byron", company = "Engines", status = "Won over" });

        (await admin.Put($"/api/leads/statuses/{status.Id}", new { name = "Won over", category = "converted", sort = 45 }, status.ETag)).ShouldBe(HttpStatusCode.Conflict, "status-in-use");
    }

    [Fact]
    public async Task C2_no_process_leads_to_a_converted_status()
    {
        var (from, converted) = (await Status("New"), await Status("Converted"));
        var refused = await admin.Post("/api/leads/processes", new { name = "Shortcut", steps = new[] { new { statusId = from.Id, next = new[] { converted.Id } } } });
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("steps[0].next").ShouldContain("Converted");
    }

    [Fact]
    public async Task LC1_a_renamed_status_is_renamed_on_its_leads()
    {
        var status = (await admin.Post("/api/leads/statuses", new { name = "Talking", category = "open", sort = 25 })).ShouldBe(HttpStatusCode.Created);
        var lead = await admin.CreateLead(new { lastName = "Byron", company = "Engines", status = "Talking" });

        (await admin.Put($"/api/leads/statuses/{status.Id}", new { name = "In talks", category = "open", sort = 25 }, status.ETag)).ShouldBe(HttpStatusCode.OK);

        (await admin.Get($"/api/leads/{lead.Id}"))["status"].ShouldBe("In talks");
    }

    [Fact]
    public async Task A_status_that_leads_hold_cannot_be_deleted()
    {
        var status = (await admin.Post("/api/leads/statuses", new { name = "Held", category = "open", sort = 26 })).ShouldBe(HttpStatusCode.Created);
        await admin.CreateLead(new { lastName = "Byron", company = "Engines", status = "Held" });

        (await admin.Delete($"/api/leads/statuses/{status.Id}", status.ETag)).ShouldBe(HttpStatusCode.Conflict, "status-in-use");
    }

    [Fact]
    public async Task The_default_status_cannot_go()
    {
        var standard = await Status("New");
        (await admin.Delete($"/api/leads/statuses/{standard.Id}", standard.ETag)).ShouldBe(HttpStatusCode.Conflict, "default-status");
    }

    [Fact]
    public async Task Two_statuses_of_one_name_are_refused() =>
        (await admin.Post("/api/leads/statuses", new { name = "working", category = "open", sort = 1 })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("name").ShouldNotBeEmpty();

    [Fact]
    public async Task LC1_transitions_are_configurable_per_process()
    {
        var (start, working) = (await Status("New"), await Status("Working"));
        var process = (await admin.Post("/api/leads/processes", new { name = "Partners", steps = new[] { new { statusId = start.Id, next = new[] { working.Id } } } })).ShouldBe(HttpStatusCode.Created);
        var strict = await admin.CreateLead(new { lastName = "Byron", company = "Engines", processId = process.Id });
        var ordinary = await admin.CreateLead();

        (await admin.Post($"/api/leads/{strict.Id}/status", new { status = "Qualified" })).ShouldBe(HttpStatusCode.Conflict, "transition-not-allowed");
        (await admin.Post($"/api/leads/{ordinary.Id}/status", new { status = "Qualified" })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LC1_the_path_holds_guidance_and_key_fields()
    {
        var path = (await admin.Get("/api/leads/path")).ShouldBe(HttpStatusCode.OK);

        path["isDefault"].ShouldBe("true");
        var steps = path.Body!["steps"]!.AsArray();
        steps.Count.ShouldBe(5);
        steps.ShouldAllBe(s => s!["guidance"]!.ToString().Length > 0 && s["keyFields"]!.AsArray().Count <= 5);
    }

    [Fact]
    public async Task LC1_a_step_has_five_key_fields_at_most()
    {
        var start = await Status("New");
        var step = new { statusId = start.Id, keyFields = new[] { "company", "email", "phone", "city", "country", "budget" } };

        (await admin.Post("/api/leads/processes", new { name = "Six", steps = new[] { step } })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("steps[0].keyFields").ShouldContain("5");
    }

    [Fact]
    public async Task LC1_a_key_field_is_a_field()
    {
        var start = await Status("New");
        (await admin.Post("/api/leads/processes", new { name = "Odd", steps = new[] { new { statusId = start.Id, keyFields = new[] { "shoeSize" } } } }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("steps[0].keyFields").ShouldContain("shoeSize");
    }

    [Fact]
    public async Task LC1_an_enforced_path_names_the_fields_that_are_missing()
    {
        var start = await Status("New");
        var process = (await admin.Post("/api/leads/processes", new { name = "Enforced", steps = new[] { new { statusId = start.Id, keyFields = new[] { "budget" }, isEnforced = true } } })).ShouldBe(HttpStatusCode.Created);
        var lead = await admin.CreateLead();
        (await admin.Post($"/api/leads/{lead.Id}/process", new { processId = process.Id })).ShouldBe(HttpStatusCode.OK);

        (await admin.Post($"/api/leads/{lead.Id}/status", new { status = "Working" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("budget").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_queue_has_members_and_can_be_changed_and_deleted()
    {
        var queue = (await admin.Post("/api/leads/queues", new { name = "North", members = new[] { TestUser.Rep.Id } })).ShouldBe(HttpStatusCode.Created);
        queue.Body!["members"]![0]!["name"]!.ToString().ShouldBe(TestUser.Rep.Name);

        var changed = (await admin.Put($"/api/leads/queues/{queue.Id}", new { name = "South", members = Array.Empty<Guid>() }, queue.ETag)).ShouldBe(HttpStatusCode.OK);
        changed["name"].ShouldBe("South");
        (await admin.Delete($"/api/leads/queues/{queue.Id}", changed.ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_queue_that_holds_leads_cannot_be_deleted()
    {
        var queue = (await admin.Post("/api/leads/queues", new { name = "Full", members = Array.Empty<Guid>() })).ShouldBe(HttpStatusCode.Created);
        await admin.CreateLead(new { lastName = "Byron", company = "Engines", queueId = queue.Id });

        (await admin.Delete($"/api/leads/queues/{queue.Id}", queue.ETag)).ShouldBe(HttpStatusCode.Conflict, "queue-in-use");
    }

    /// <summary>A status by name, with its ETag.</summary>
    private async Task<Answer> Status(string name)
    {
        var all = (await admin.Get("/api/leads/statuses")).ShouldBe(HttpStatusCode.OK);
        JsonNode status = all.Body!.AsArray().Single(s => s!["name"]!.ToString() == name)!;
        return all with { Body = status, ETag = $"\"{status["version"]}\"" };
    }
}

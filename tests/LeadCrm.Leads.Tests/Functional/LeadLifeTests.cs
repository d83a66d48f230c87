using System.Net;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Deleting, restoring, transferring, moving and reopening leads over HTTP.</summary>
public sealed class LeadLifeTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task A_deleted_lead_is_gone_and_comes_back_when_restored()
    {
        var lead = await rep.CreateLead();

        (await rep.Delete($"/api/leads/{lead.Id}", lead.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await rep.Get($"/api/leads/{lead.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await rep.Get($"/api/leads?view=recycleBin&limit=200")).Body!["items"]!.AsArray().ShouldContain(l => l!["id"]!.ToString() == lead.Id);

        (await rep.Post($"/api/leads/{lead.Id}/restore")).ShouldBe(HttpStatusCode.OK)["lastName"].ShouldBe("Byron");
        (await rep.Get($"/api/leads/{lead.Id}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deletion_leaves_a_versioned_tombstone()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadChanged));
        var lead = await rep.CreateLead();
        await rep.Delete($"/api/leads/{lead.Id}", lead.ETag);

        var tombstone = await bus.Next<LeadChanged>(m => m.Lead.LeadId.ToString() == lead.Id && m.Kind == ChangeKind.Deleted);

        tombstone.Lead.ShouldSatisfyAllConditions(l => l.IsDeleted.ShouldBeTrue(), l => l.Version.ShouldBe(2));
    }

    [Fact]
    public async Task A_transfer_needs_its_permission()
    {
        var lead = await rep.CreateLead();
        (await rep.Post($"/api/leads/{lead.Id}/owner", new { ownerId = TestUser.OtherRep.Id })).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_transferred_lead_is_unread_for_its_new_owner()
    {
        var lead = await rep.CreateLead();
        await rep.Put($"/api/leads/{lead.Id}/unread", new { unread = false });

        var moved = (await admin.Post($"/api/leads/{lead.Id}/owner", new { ownerId = TestUser.OtherRep.Id })).ShouldBe(HttpStatusCode.OK);

        moved.ShouldSatisfyAllConditions(l => l["ownerId"].ShouldBe(TestUser.OtherRep.Id.ToString()), l => l["unread"].ShouldBe("true"), l => l.ETag.ShouldBe("\"2\""));
    }

    [Fact]
    public async Task A_lead_cannot_go_to_somebody_unknown()
    {
        var lead = await rep.CreateLead();
        (await admin.Post($"/api/leads/{lead.Id}/owner", new { ownerId = Guid.NewGuid() })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("ownerId").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task LC1_the_default_statuses_are_there_with_their_categories()
    {
        var statuses = (await rep.Get("/api/leads/statuses")).Body!.AsArray().Select(s => (s!["name"]!.ToString(), s["category"]!.ToString()));

        statuses.ShouldBe([("New", "open"), ("Working", "open"), ("Nurturing", "nurturing"), ("Qualified", "qualified"), ("Not Qualified", "notQualified"), ("Converted", "converted")]);
    }

    [Fact]
    public async Task LC1_a_lead_moves_along_its_process()
    {
        var lead = await rep.CreateLead();
        (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Working" })).ShouldBe(HttpStatusCode.OK)["status"].ShouldBe("Working");
    }

    [Fact]
    public async Task LC1_a_move_that_the_process_does_not_know_is_409()
    {
        var lead = await rep.CreateLead();
        await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Nurturing" });

        (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "New" })).ShouldBe(HttpStatusCode.Conflict, "transition-not-allowed");
    }

    [Fact]
    public async Task C2_a_move_never_sets_a_converted_status()
    {
        var lead = await rep.CreateLead();
        (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Converted" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "status-converted");
    }

    [Fact]
    public async Task C2_a_lead_is_never_created_in_a_converted_status() =>
        (await rep.Post("/api/leads", new { lastName = "Byron", company = "Engines", status = "Converted" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("status").ShouldNotBeEmpty();

    [Fact]
    public async Task LC2_not_qualified_needs_a_reason_and_a_follow_up_date()
    {
        var lead = await rep.CreateLead();

        var refused = (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified" })).ShouldBe(HttpStatusCode.UnprocessableEntity);

        refused.ShouldSatisfyAllConditions(r => r.Errors("reason").ShouldNotBeEmpty(), r => r.Errors("followUpOn").ShouldNotBeEmpty());
    }

    [Theory, InlineData(7), InlineData(30), InlineData(90)]
    public async Task LC2_the_follow_up_may_be_a_preset(int days)
    {
        var lead = await rep.CreateLead();

        var moved = (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified", reason = "No budget", followUpInDays = days })).ShouldBe(HttpStatusCode.OK);

        moved.ShouldSatisfyAllConditions(
            l => l["followUpOn"].ShouldBe(DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(days).ToString("O")), l => l["notQualifiedReason"].ShouldBe("No budget"));
    }

    [Fact]
    public async Task LC2_a_lead_that_is_not_qualified_leaves_current_and_my_open()
    {
        var lead = await rep.CreateLead(new { lastName = "Leaving", company = $"{Guid.NewGuid()}" });
        var filter = $"company={lead["company"]}";
        (await rep.Get($"/api/leads?view=current&{filter}")).Body!["items"]!.AsArray().Count.ShouldBe(1);

        await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified", reason = "No budget", followUpInDays = 7 });

        (await rep.Get($"/api/leads?view=current&{filter}")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await rep.Get($"/api/leads?view=myOpen&{filter}")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await rep.Get($"/api/leads?view=all&{filter}")).Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task LC2_the_event_carries_reason_and_date()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadChanged));
        var lead = await rep.CreateLead();
        await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified", reason = "No budget", followUpInDays = 30 });

        var told = await bus.Next<LeadChanged>(m => m.Lead.LeadId.ToString() == lead.Id && m.Lead.StatusCategory == "notQualified");

        told.Lead.ShouldSatisfyAllConditions(
            l => l.NotQualifiedReason.ShouldBe("No budget"), l => l.FollowUpOn.ShouldBe(DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(30)));
    }

    [Fact]
    public async Task LC3_reopening_by_hand_returns_the_lead_to_the_status_it_held_unread()
    {
        var lead = await rep.CreateLead();
        await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Working" });
        await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Not Qualified", reason = "No budget", followUpInDays = 30 });
        await rep.Put($"/api/leads/{lead.Id}/unread", new { unread = false });

        var reopened = (await rep.Post($"/api/leads/{lead.Id}/reopen")).ShouldBe(HttpStatusCode.OK);

        reopened.ShouldSatisfyAllConditions(
            l => l["status"].ShouldBe("Working"), l => l["unread"].ShouldBe("true"), l => l["followUpOn"].ShouldBeNull(), l => l["notQualifiedReason"].ShouldBeNull(),
            l => l["reopenedAt"].ShouldNotBeNull());
    }

    [Fact]
    public async Task LC3_only_a_lead_that_is_not_qualified_can_be_reopened()
    {
        var lead = await rep.CreateLead();
        (await rep.Post($"/api/leads/{lead.Id}/reopen")).ShouldBe(HttpStatusCode.Conflict, "not-turned-down");
    }

    [Fact]
    public async Task LC6_the_status_log_tells_who_when_from_and_to()
    {
        var lead = await rep.CreateLead();
        await admin.Post($"/api/leads/{lead.Id}/status", new { status = "Working" });

        var log = (await rep.Get($"/api/leads/{lead.Id}/status-log")).ShouldBe(HttpStatusCode.OK).Body!.AsArray();

        log.Count.ShouldBe(2);
        log[1]!["from"]!.ToString().ShouldBe("New");
        log[1]!["to"]!.ToString().ShouldBe("Working");
        log[1]!["actorId"]!.ToString().ShouldBe(TestUser.Admin.Id.ToString());
        log[0]!["heldForSeconds"].ShouldNotBeNull();
    }

    [Theory, InlineData("POST", "/api/leads"), InlineData("PATCH", "/api/leads/{id}"), InlineData("DELETE", "/api/leads/{id}"), InlineData("POST", "/api/leads/{id}/restore"),
     InlineData("POST", "/api/leads/{id}/owner"), InlineData("POST", "/api/leads/{id}/status"), InlineData("POST", "/api/leads/{id}/reopen"), InlineData("PUT", "/api/leads/{id}/score"),
     InlineData("POST", "/api/leads/statuses"), InlineData("POST", "/api/leads/processes"), InlineData("POST", "/api/leads/queues"), InlineData("POST", "/api/leads/imports")]
    public async Task A_reader_changes_nothing(string method, string path)
    {
        var reader = app.As(TestUser.Reader);
        var type = method == "PATCH" ? "application/merge-patch+json" : path.EndsWith("imports", StringComparison.Ordinal) ? "text/csv" : "application/json";
        using var body = new StringContent("{}", System.Text.Encoding.UTF8, type);
        (await reader.Send(new HttpMethod(method), path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal), body, "\"1\"")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_read() => (await app.Anonymous().Get("/api/leads")).ShouldBe(HttpStatusCode.Unauthorized);
}

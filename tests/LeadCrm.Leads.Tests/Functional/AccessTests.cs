using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Two reps in teams beside each other, the manager above them, members of a queue; leads are private unless a test says otherwise.</summary>
public sealed class CompanyApp : LeadsApp
{
    public TestUser Nora { get; } = TestUser.NewRep("Nora North", "leads.transfer", "leads.import", "data.export");
    public TestUser Sofia { get; } = TestUser.NewRep("Sofia South", "leads.transfer", "leads.import", "data.export");
    public TestUser Mia { get; } = TestUser.NewRep("Mia Manager", "leads.transfer", "leads.import", "data.export");
    public TestUser Quentin { get; } = TestUser.NewRep("Quentin Queue", "leads.transfer");
    public TestUser Auditor { get; } = TestUser.NewRep("Aud Itor", "leads.transfer", "data.viewAll");
    public TestUser Robot { get; } = TestUser.NewRep("Rob Ot", "leads.transfer", "data.editAll");
    public Guid North { get; private set; }
    public Guid South { get; private set; }
    public Guid Queue { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Know(Quentin, Auditor, Robot);
        var sales = await this.Team(manager: Mia);
        North = await this.Team(sales, null, Nora);
        South = await this.Team(sales, null, Sofia);
        var queue = await As(TestUser.Admin).Post("/api/leads/queues", new { name = "Inbound", members = new[] { Quentin.Id } });
        Queue = Guid.Parse(queue.ShouldBe(HttpStatusCode.Created).Id);
        await this.Share("lead", "private");
    }
}

/// <summary>Who sees and changes which lead (PM2, PM5).</summary>
public sealed class AccessTests(CompanyApp app) : IClassFixture<CompanyApp>
{
    private readonly string company = $"Hidden {Guid.NewGuid():N}";

    [Fact]
    public async Task PM2_private_leads_are_listed_for_their_owner_and_the_manager_above_and_counted_so()
    {
        await Create(app.Nora);
        await Create(app.Sofia);

        (await Owners(app.Nora)).ShouldBe(["Nora North"]);
        (await Owners(app.Sofia)).ShouldBe(["Sofia South"]);
        (await Owners(app.Mia)).ShouldBe(["Nora North", "Sofia South"]);
        (await Owners(app.Quentin)).ShouldBeEmpty();
        (await Owners(app.Auditor)).ShouldBe(["Nora North", "Sofia South"]);
    }

    [Fact]
    public async Task RP4_charts_count_only_what_the_caller_may_see()
    {
        await Create(app.Nora);
        await Create(app.Sofia);

        foreach (var (user, total) in new[] { (app.Nora, "1"), (app.Sofia, "1"), (app.Mia, "2"), (app.Quentin, "0"), (app.Auditor, "2") })
            (await app.As(user).Get($"/api/leads/counts?by=owner&company={company}")).ShouldBe(HttpStatusCode.OK)["total"].ShouldBe(total, user.Name);
    }

    [Fact]
    public async Task PM2_a_manager_changes_hands_on_and_deletes_what_the_team_owns()
    {
        var lead = await Create(app.Nora);
        var mia = app.As(app.Mia);

        (await mia.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
        (await mia.Post($"{Path(lead)}/owner", new { ownerId = app.Sofia.Id })).ShouldBe(HttpStatusCode.OK);
        (await app.As(app.Nora).Get(Path(lead))).ShouldBe(HttpStatusCode.NotFound);
        var now = (await app.As(app.Sofia).Get(Path(lead))).ShouldBe(HttpStatusCode.OK);
        (await mia.Delete(Path(lead), now.ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task PM2_members_of_a_queue_see_change_and_take_what_it_holds_and_lose_it_with_the_membership()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(QueueChanged));
        var admin = app.As(TestUser.Admin);
        var queue = (await admin.Post("/api/leads/queues", new { name = $"Queue {company}", members = new[] { app.Quentin.Id } })).ShouldBe(HttpStatusCode.Created);
        var lead = (await app.As(app.Robot).CreateLead(new { lastName = "Held", company, queueId = Guid.Parse(queue.Id) }));
        var quentin = app.As(app.Quentin);
        await Eventually.Is(async () => (await quentin.Get(Path(lead))).Status == HttpStatusCode.OK, "the new queue's members see what it holds");
        (await app.As(app.Nora).Get(Path(lead))).ShouldBe(HttpStatusCode.NotFound);
        (await quentin.Get($"/api/leads?company={company}")).Body!["items"]!.AsArray().Count.ShouldBe(1);
        var changed = (await quentin.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);

        (await admin.Put($"/api/leads/queues/{queue.Id}", new { name = $"Queue {company}", members = new[] { app.Nora.Id } }, queue.ETag)).ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(async () => (await quentin.Get(Path(lead))).Status == HttpStatusCode.NotFound, "the membership is over");
        (await app.As(app.Nora).Post($"{Path(lead)}/owner", new { ownerId = app.Nora.Id })).ShouldBe(HttpStatusCode.OK);

        var told = await bus.Next<QueueChanged>(q => q.QueueId == Guid.Parse(queue.Id) && q.Version == 2);
        told.Members.ShouldBe([app.Nora.Id]);
        var version = (await admin.Get($"/api/leads/queues/{queue.Id}")).ETag;
        (await admin.Delete($"/api/leads/queues/{queue.Id}", version)).ShouldBe(HttpStatusCode.NoContent);
        (await bus.Next<QueueChanged>(q => q.QueueId == Guid.Parse(queue.Id) && q.IsDeleted)).Version.ShouldBe(3);
    }

    [Fact]
    public async Task PM2_a_sharing_rule_lets_another_team_see_and_if_it_says_so_change_but_not_hand_on()
    {
        var lead = await Create(app.Sofia);
        var nora = app.As(app.Nora);
        (await nora.Get(Path(lead))).ShouldBe(HttpStatusCode.NotFound);

        var rule = await app.ShareTeam("lead", app.South, app.North);
        (await nora.Get(Path(lead))).ShouldBe(HttpStatusCode.OK);
        (await nora.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.Forbidden, "forbidden");
        await app.Unshare(rule);

        rule = await app.ShareTeam("lead", app.South, app.North, canEdit: true);
        (await nora.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
        (await nora.Post($"{Path(lead)}/owner", new { ownerId = app.Nora.Id })).ShouldBe(HttpStatusCode.Forbidden, "forbidden");
        await app.Unshare(rule);
        (await nora.Get(Path(lead))).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("private", 404, 404, 404)]
    [InlineData("read", 200, 403, 403)]
    [InlineData("readWrite", 200, 200, 403)]
    [InlineData("readWriteTransfer", 200, 200, 200)]
    public async Task PM2_the_default_says_what_everybody_may_do_with_everybodys_leads(string step, int reads, int changes, int transfers)
    {
        var lead = await Create(app.Sofia);
        var nora = app.As(app.Nora);
        await app.Share("lead", step);
        try
        {
            ((int)(await nora.Get(Path(lead))).Status).ShouldBe(reads);
            ((int)(await nora.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).Status).ShouldBe(changes);
            ((int)(await nora.Post($"{Path(lead)}/owner", new { ownerId = app.Nora.Id })).Status).ShouldBe(transfers);
            (await Owners(app.Nora)).Length.ShouldBe(reads == 200 ? 1 : 0);
        }
        finally
        {
            await app.Share("lead", "private");
        }
    }

    [Fact]
    public async Task PM1_whoever_sees_or_edits_everything_does_so_whatever_the_default_is()
    {
        var lead = await Create(app.Sofia);

        (await app.As(app.Auditor).Get(Path(lead))).ShouldBe(HttpStatusCode.OK);
        (await app.As(app.Auditor).Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(app.Robot).Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PM5_nothing_shows_a_lead_to_whoever_may_not_see_it()
    {
        var lead = await Create(app.Sofia);
        var nora = app.As(app.Nora);

        foreach (var query in new[] { $"company={company}", $"q={company}", $"view=recycleBin&company={company}", $"sort=lastName&company={company}" })
        {
            var page = await nora.Get($"/api/leads?{query}&count=exact");
            (page.ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Count, page.Body!["count"]!.GetValue<long>()).ShouldBe((0, 0L), query);
        }
        (await nora.Get($"/api/leads/search?q={company}")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await nora.Get($"/api/leads?format=csv&company={company}")).Text.ShouldNotContain(company);
        foreach (var read in new[] { "", "/history", "/status-log", "/conversions" }) (await nora.Get(Path(lead) + read)).ShouldBe(HttpStatusCode.NotFound);

        (await nora.Patch(Path(lead), new { city = "Bath" }, lead.ETag)).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Delete(Path(lead), lead.ETag)).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Put($"{Path(lead)}/unread", new { unread = false })).ShouldBe(HttpStatusCode.NotFound);
        (await nora.Put($"{Path(lead)}/score", new { score = 5 })).ShouldBe(HttpStatusCode.NotFound);
        foreach (var (action, body) in new (string, object)[]
        {
            ("owner", new { ownerId = app.Nora.Id }), ("status", new { status = "Working" }), ("reopen", new { }), ("process", new { processId = (Guid?)null }),
            ("restore", new { }), ("conversions", new { }),
        }) (await nora.Post($"{Path(lead)}/{action}", body)).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Sofia).Get(Path(lead)))["city"].ShouldBeNull();
    }

    [Fact]
    public async Task PM7_the_recycle_bin_shows_a_lead_to_whoever_may_see_it_and_restoring_brings_it_back_whole()
    {
        var lead = await Create(app.Sofia);
        (await app.As(app.Sofia).Delete(Path(lead), lead.ETag)).ShouldBe(HttpStatusCode.NoContent);

        (await InBin(app.Sofia)).ShouldBe(1);
        (await InBin(app.Mia)).ShouldBe(1);
        (await InBin(app.Nora)).ShouldBe(0);
        (await app.As(app.Nora).Post($"{Path(lead)}/restore")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Nora).Get($"{Path(lead)}/history")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Sofia).Get($"{Path(lead)}/history")).ShouldBe(HttpStatusCode.OK);
        var back = (await app.As(app.Mia).Post($"{Path(lead)}/restore")).ShouldBe(HttpStatusCode.OK);
        back["ownerId"].ShouldBe(app.Sofia.Id.ToString());
        (await app.As(app.Sofia).Get($"{Path(lead)}/status-log")).Body!.AsArray().Count.ShouldBe(1);

        async Task<int> InBin(TestUser user) => (await app.As(user).Get($"/api/leads?view=recycleBin&company={company}")).Body!["items"]!.AsArray().Count;
    }

    [Fact]
    public async Task PM7_a_lead_leaves_the_recycle_bin_for_good_after_thirty_days_and_not_before()
    {
        var (old, young) = (await Create(app.Sofia), await Create(app.Sofia));
        foreach (var lead in new[] { old, young }) (await app.As(app.Sofia).Delete(Path(lead), lead.ETag)).ShouldBe(HttpStatusCode.NoContent);
        await app.Database.Execute("update leads set deleted_at = now() - interval '31 days' where id = $1", Guid.Parse(old.Id));
        await app.Database.Execute("update leads set deleted_at = now() - interval '29 days' where id = $1", Guid.Parse(young.Id));

        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from leads where id = $1", Guid.Parse(old.Id)) == 0, "the old one is gone");
        (await app.Database.Scalar<long>("select count(*) from platform.field_history where record_id = $1", Guid.Parse(old.Id))).ShouldBe(0);
        (await app.As(app.Sofia).Post($"{Path(old)}/restore")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Sofia).Post($"{Path(young)}/restore")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PM6_the_history_holds_every_field_with_both_values_whole()
    {
        var lead = await Create(app.Sofia);
        var text = string.Concat(Enumerable.Repeat("Long. ", 4_000));
        (await app.As(app.Sofia).Patch(Path(lead), new { description = text, city = "Bath", budget = 12.5m, budgetCurrency = "EUR", doNotCall = true }, lead.ETag)).ShouldBe(HttpStatusCode.OK);

        var changes = (await app.As(app.Mia).Get($"{Path(lead)}/history")).Body!["items"]![0]!["changes"]!;
        changes["description"]!["new"]!.GetValue<string>().ShouldBe(text.Trim());
        (changes["city"]!["old"], changes["city"]!["new"]!.GetValue<string>()).ShouldBe((null, "Bath"));
        (changes["doNotCall"]!["old"]!.GetValue<bool>(), changes["doNotCall"]!["new"]!.GetValue<bool>()).ShouldBe((false, true));
        changes["budget"]!["new"]!.GetValue<decimal>().ShouldBe(12.5m);
    }

    [Fact]
    public async Task PM5_an_import_is_shown_to_who_uploaded_it_and_the_manager_above()
    {
        using var file = new StringContent("Last Name,Company\nByron,Engines\n", System.Text.Encoding.UTF8, "text/csv");
        var import = (await app.As(app.Sofia).Send(HttpMethod.Post, "/api/leads/imports?fileName=leads.csv", file)).ShouldBe(HttpStatusCode.Created);
        var path = $"/api/leads/imports/{import.Id}";

        (await app.As(app.Mia).Get(path)).ShouldBe(HttpStatusCode.OK);
        foreach (var read in new[] { "", "/mapping", "/errors.csv", "/progress" }) (await app.As(app.Nora).Get(path + read)).ShouldBe(HttpStatusCode.NotFound);
        foreach (var action in new[] { "start", "cancel" }) (await app.As(app.Nora).Post($"{path}/{action}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Nora).Get("/api/leads/imports")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_feed_tells_services_who_owns_every_lead_by_id_those_in_the_recycle_bin_too()
    {
        var (kept, gone) = (await Create(app.Sofia), await Create(app.Nora));
        (await app.As(app.Nora).Delete(Path(gone), gone.ETag)).ShouldBe(HttpStatusCode.NoContent);
        var held = await app.As(app.Robot).CreateLead(new { firstName = "Ada", lastName = "Held", company, queueId = app.Queue });

        var rows = new List<JsonNode>();
        for (string? after = ""; after is not null;)
        {
            var page = await app.Internal().GetFromJsonAsync<JsonNode>($"/internal/access/changes?type=lead&limit=2{(after.Length > 0 ? "&after=" + after : "")}");
            page!["records"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            rows.AddRange(page["records"]!.AsArray()!);
            after = page["next"]?.GetValue<string>();
        }
        JsonNode Row(Answer lead) => rows.Single(row => row["recordId"]!.GetValue<string>() == lead.Id);
        (Row(kept)["ownerId"]!.GetValue<Guid>(), Row(kept)["isDeleted"]!.GetValue<bool>(), Row(kept)["version"]!.GetValue<long>()).ShouldBe((app.Sofia.Id, false, 1L));
        (Row(gone)["isDeleted"]!.GetValue<bool>(), Row(gone)["version"]!.GetValue<long>()).ShouldBe((true, 2L));
        (Row(held)["queueId"]!.GetValue<Guid>(), Row(held)["name"]!.GetValue<string>()).ShouldBe((app.Queue, "Ada Held"));

        var queues = await app.Internal().GetFromJsonAsync<JsonNode>("/internal/access/queues");
        queues!["queues"]!.AsArray().Single(queue => queue!["queueId"]!.GetValue<Guid>() == app.Queue)!["members"]!.AsArray().Single()!.GetValue<Guid>().ShouldBe(app.Quentin.Id);
        (await app.As(TestUser.Admin).Get("/internal/access/changes?type=lead")).ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Internal().Get("/internal/access/changes?type=account")).ShouldBe(HttpStatusCode.BadRequest);
    }

    private static string Path(Answer lead) => $"/api/leads/{lead.Id}";

    private Task<Answer> Create(TestUser owner) => app.As(owner).CreateLead(new { lastName = "Byron", company });

    /// <summary>Owners of this test's leads as a user's list shows them, which must be as many as it counts.</summary>
    private async Task<string[]> Owners(TestUser user)
    {
        var page = (await app.As(user).Get($"/api/leads?company={company}&count=true")).ShouldBe(HttpStatusCode.OK).Body!;
        string[] names = [.. page["items"]!.AsArray().Select(item => item!["ownerName"]!.GetValue<string>()).Order(StringComparer.Ordinal)];
        page["count"]!.GetValue<long>().ShouldBe(names.Length);
        return names;
    }
}

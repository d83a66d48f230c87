using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.BulkChanges;

/// <summary>A worker that looks often and takes a few leads at a time; leads are private, and only <see cref="Maria"/> sees those of others.</summary>
public sealed class BulkChangeApp : LeadsApp
{
    /// <summary>May hand over and delete, and sees everything.</summary>
    internal TestUser Maria { get; } = TestUser.NewRep("Maria Manager", "leads.transfer", "data.viewAll", "data.editAll");

    /// <summary>May hand over, and sees her own leads only.</summary>
    internal TestUser Nora { get; } = TestUser.NewRep("Nora North", "leads.transfer");

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("BulkChange:Poll", "00:00:00.100");
        builder.UseSetting("BulkChange:Lease", "00:00:03");
        builder.UseSetting("BulkChange:Chunk", "5");
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Know(Maria, Nora);
        await this.Share("lead", "private");
    }

    /// <summary>Leads of one company in the order of their names: "Row 000" and so on.</summary>
    internal async Task<Guid[]> Leads(TestUser user, int count, string company)
    {
        var lines = string.Join('\n', Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new { op = "create", record = new { lastName = $"Row {i:000}", company } })));
        using var body = new StringContent(lines, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        var answer = await As(user).Send(HttpMethod.Post, "/api/leads/bulk", body);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["id"]!.GetValue<Guid>())];
    }

    internal async Task<string> Begin(TestUser user, object request) => (await As(user).Post("/api/leads/bulk-changes", request)).ShouldBe(HttpStatusCode.Accepted).Id;

    internal async Task<JsonNode> Run(TestUser user, object request) => await Finished(user, await Begin(user, request));

    internal async Task<JsonNode> Finished(TestUser user, string id) => await Eventually.Get(
        async () => (await As(user).Get($"/api/leads/bulk-changes/{id}")).Body is { } job && job["finishedAt"] is not null ? job : null, $"bulk change {id} is over", TimeSpan.FromSeconds(60));

    /// <summary>The outcomes in their order.</summary>
    internal async Task<JsonNode[]> Outcomes(TestUser user, JsonNode job, string filter = "") =>
        [.. (await As(user).Get($"/api/leads/bulk-changes/{job["id"]}/leads?limit=200{filter}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(item => item!)];
}

/// <summary>One change of many leads at once, as a job (VW5, UI10).</summary>
public sealed class BulkChangeTests(BulkChangeApp app) : IClassFixture<BulkChangeApp>
{
    private readonly string company = $"Many {Guid.NewGuid():N}";

    private static (int Changed, int Refused) Counts(JsonNode job) => (job["changed"]!.GetValue<int>(), job["refused"]!.GetValue<int>());

    private static string State(JsonNode node) => node["state"]!.GetValue<string>();

    [Fact]
    public async Task VW5a_two_hundred_leads_are_handed_over_and_the_one_that_is_refused_is_named_with_the_reason()
    {
        var leads = await app.Leads(TestUser.Rep, 200, company);
        var maria = app.As(app.Maria);
        (await maria.Delete($"/api/leads/{leads[150]}", "\"1\"")).ShouldBe(HttpStatusCode.NoContent);
        var job = await app.Run(app.Maria, new { leads = leads.Select(id => new { id }), action = "transfer", owner = new { ownerId = TestUser.OtherRep.Id } });

        State(job).ShouldBe("completed");
        Counts(job).ShouldBe((199, 1));
        job["name"]!.GetValue<string>().ShouldBe("Otto Other");
        job["percent"]!.GetValue<int>().ShouldBe(100);
        var refused = (await app.Outcomes(app.Maria, job, "&state=refused")).ShouldHaveSingleItem();
        refused["name"]!.GetValue<string>().ShouldBe("Row 150");
        refused["problem"]!["detail"]!.GetValue<string>().ShouldContain("recycle bin");
        (await maria.Get($"/api/leads?company={company}&ownerId={TestUser.OtherRep.Id}&count=exact&limit=1")).Body!["count"]!.GetValue<int>().ShouldBe(199);
        (await app.Outcomes(app.Maria, job)).Select(outcome => outcome["position"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task VW5b_each_lead_is_tried_with_the_rights_of_whoever_asked()
    {
        var own = await app.Leads(app.Nora, 2, company);
        var others = await app.Leads(TestUser.Rep, 1, company);
        var job = await app.Run(app.Nora, new { leads = own.Concat(others).Select(id => new { id }), action = "transfer", owner = new { ownerId = TestUser.OtherRep.Id } });

        Counts(job).ShouldBe((2, 1));
        var refused = (await app.Outcomes(app.Nora, job, "&state=refused")).ShouldHaveSingleItem();
        refused["leadId"]!.GetValue<Guid>().ShouldBe(others[0]);
        refused["name"].ShouldBeNull("what one may not see has no name");
        refused["problem"]!["status"]!.GetValue<int>().ShouldBe(404);
        // And nobody else sees the job but who may see its user's records.
        (await app.As(TestUser.OtherRep).Get($"/api/leads/bulk-changes/{job["id"]}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.As(app.Maria).Get($"/api/leads/bulk-changes/{job["id"]}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task VW5c_all_of_a_list_are_turned_down_by_the_rules_of_a_single_move()
    {
        var leads = await app.Leads(app.Maria, 4, company);
        var maria = app.As(app.Maria);
        (await maria.Post($"/api/leads/{leads[3]}/status", new { status = "Nurturing" })).ShouldBe(HttpStatusCode.OK);
        var job = await app.Run(app.Maria, new { filter = $"view=current&company={company}&lastName[in]=Row 000,Row 001,Row 003", action = "move", status = new { status = "Not Qualified", reason = "No budget", followUpInDays = 30 } });

        job["total"]!.GetValue<int>().ShouldBe(3);
        Counts(job).ShouldBe((3, 0));
        var moved = await maria.Get($"/api/leads/{leads[0]}");
        moved["status"].ShouldBe("Not Qualified");
        moved["notQualifiedReason"].ShouldBe("No budget");
        moved["version"].ShouldBe("2");
        (await maria.Get($"/api/leads/{leads[2]}"))["status"].ShouldBe("New");
        var log = (await maria.Get($"/api/leads/{leads[3]}/status-log")).Body!.AsArray();
        log[^1]!["from"]!.ToString().ShouldBe("Nurturing");
        log[^1]!["to"]!.ToString().ShouldBe("Not Qualified");
        log[^1]!["actorId"]!.ToString().ShouldBe(app.Maria.Id.ToString());
    }

    [Fact]
    public async Task VW5d_a_move_that_no_lead_could_make_is_refused_before_any_is_touched()
    {
        await app.Leads(app.Maria, 1, company);
        var maria = app.As(app.Maria);
        var filter = $"company={company}";
        (await maria.Post("/api/leads/bulk-changes", new { filter, action = "move", status = new { status = "Not Qualified" } })).ShouldBe(HttpStatusCode.UnprocessableEntity)
            .ShouldSatisfyAllConditions(answer => answer.Errors("reason").ShouldNotBeEmpty(), answer => answer.Errors("followUpOn").ShouldNotBeEmpty());
        (await maria.Post("/api/leads/bulk-changes", new { filter, action = "move", status = new { status = "Converted" } })).ShouldBe(HttpStatusCode.UnprocessableEntity, "status-converted");
        (await maria.Post("/api/leads/bulk-changes", new { filter, action = "move", status = new { status = "Nowhere" } })).Errors("status.status").ShouldContain("Nowhere");
        (await maria.Post("/api/leads/bulk-changes", new { filter, action = "transfer", owner = new { ownerId = Guid.NewGuid() } })).Errors("owner.ownerId").ShouldContain("no such user");
        (await maria.Post("/api/leads/bulk-changes", new { filter, action = "delete", status = new { status = "New" } })).Errors("status").ShouldNotBeEmpty();
        (await maria.Post("/api/leads/bulk-changes", new { action = "delete" })).Errors("leads").ShouldNotBeEmpty();
        (await maria.Post("/api/leads/bulk-changes", new { filter = "company=nobody's", action = "delete" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "no-leads");
        (await maria.Post("/api/leads/bulk-changes", new { filter = "nonsense=1", action = "delete" })).ShouldBe(HttpStatusCode.BadRequest);
        (await maria.Post("/api/leads/bulk-changes", new { leads = Enumerable.Range(0, 10_001).Select(_ => new { id = Guid.NewGuid() }), action = "delete" })).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task VW5e_every_kind_of_change_demands_its_own_permission()
    {
        var leads = await app.Leads(TestUser.Rep, 1, company);
        foreach (object request in (object[])[
            new { leads = leads.Select(id => new { id }), action = "transfer", owner = new { ownerId = TestUser.OtherRep.Id } },
            new { leads = leads.Select(id => new { id }), action = "move", status = new { status = "Working" } },
            new { leads = leads.Select(id => new { id }), action = "delete" }, new { leads = leads.Select(id => new { id }), action = "restore" }])
            (await app.As(TestUser.Reader).Post("/api/leads/bulk-changes", request)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.As(TestUser.Rep).Post("/api/leads/bulk-changes", new { leads = leads.Select(id => new { id }), action = "transfer", owner = new { ownerId = TestUser.OtherRep.Id } })).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task VW5f_deleted_leads_come_back_as_they_were_and_what_was_changed_since_one_looked_is_left_alone()
    {
        var leads = await app.Leads(app.Maria, 3, company);
        var maria = app.As(app.Maria);
        (await maria.Patch($"/api/leads/{leads[1]}", new { city = "Bath" }, "\"1\"")).ShouldBe(HttpStatusCode.OK);
        var deleted = await app.Run(app.Maria, new { leads = leads.Select(id => new { id, version = 1 }), action = "delete" });

        Counts(deleted).ShouldBe((2, 1));
        (await app.Outcomes(app.Maria, deleted, "&state=refused")).ShouldHaveSingleItem()["problem"]!["type"]!.ToString().ShouldBe("urn:leadcrm:stale-version");
        (await maria.Get($"/api/leads/{leads[0]}")).ShouldBe(HttpStatusCode.NotFound);
        (await maria.Get($"/api/leads/{leads[1]}"))["city"].ShouldBe("Bath");
        Counts(await app.Run(app.Maria, new { leads = new[] { new { id = leads[0] }, new { id = leads[2] } }, action = "restore" })).ShouldBe((2, 0));
        (await maria.Get($"/api/leads/{leads[0]}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task VW5g_paused_it_changes_nothing_more_resumed_it_goes_on_and_stopped_it_leaves_the_rest()
    {
        var leads = await app.Leads(app.Maria, 20, company);
        var maria = app.As(app.Maria);
        string id;
        await using (var hold = await app.Database.DataSource.OpenConnectionAsync())
        await using (var transaction = await hold.BeginTransactionAsync())
        {
            // The first chunk waits for somebody who is at one of its leads.
            await using (var take = hold.CreateCommand()) { take.CommandText = $"select 1 from leads where id = '{leads[2]}' for update"; await take.ExecuteNonQueryAsync(); }
            id = await app.Begin(app.Maria, new { leads = leads.Select(lead => new { id = lead }), action = "move", status = new { status = "Working" } });
            await Eventually.Is(async () => (await app.Database.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")) > 0, "it is at the first chunk");
            var pausing = maria.Post($"/api/leads/bulk-changes/{id}/pause");
            await Eventually.Is(async () => (await app.Database.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")) > 1, "pausing waits for the chunk");
            await transaction.RollbackAsync();
            (await pausing).ShouldBe(HttpStatusCode.Accepted);
        }
        var paused = await Eventually.Get(async () => (await maria.Get($"/api/leads/bulk-changes/{id}")).Body is { } job && State(job) == "paused" ? job : null, "it pauses");
        Counts(paused).Changed.ShouldBeLessThan(20);
        var before = Counts(paused).Changed;

        (await maria.Post($"/api/leads/bulk-changes/{id}/resume")).ShouldBe(HttpStatusCode.Accepted);
        var whole = await app.Finished(app.Maria, id);
        Counts(whole).ShouldBe((20, 0));
        Counts(whole).Changed.ShouldBeGreaterThan(before);
        (await maria.Post($"/api/leads/bulk-changes/{id}/pause")).ShouldBe(HttpStatusCode.Conflict, "bulk-change-finished");

        await app.Database.Execute("update bulk_change_leads set state = 'Waiting' where bulk_change_id = $1 and position >= 8", Guid.Parse(id));
        await app.Database.Execute("update bulk_changes set state = 'Paused', pause_requested = true, finished_at = null, changed = 8 where id = $1", Guid.Parse(id));
        (await maria.Post($"/api/leads/bulk-changes/{id}/cancel")).ShouldBe(HttpStatusCode.Accepted);
        var stopped = await app.Finished(app.Maria, id);
        State(stopped).ShouldBe("cancelled");
        Counts(stopped).ShouldBe((8, 0));
        (await app.Outcomes(app.Maria, stopped, "&state=cancelled")).Length.ShouldBe(12);
    }

    [Fact]
    public async Task VW5h_a_replica_that_died_is_followed_by_another_and_no_lead_is_changed_twice()
    {
        var leads = await app.Leads(app.Maria, 9, company);
        var id = Guid.Parse((await app.Run(app.Maria, new { leads = leads.Select(lead => new { id = lead }), action = "move", status = new { status = "Working" } }))["id"]!.ToString());
        // As a replica leaves it that is killed in the middle: held, five leads with their outcome, four without.
        await app.Database.Execute("update bulk_change_leads set state = 'Waiting' where bulk_change_id = $1 and position >= 5", id);
        await app.Database.Execute("update bulk_changes set state = 'Running', lease_owner = gen_random_uuid(), lease_until = now() - interval '1 second', changed = 5, finished_at = null, change = jsonb_set(change, '{statusId}', to_jsonb((select id::text from lead_statuses where name = 'Qualified'))) where id = $1", id);

        Counts(await app.Finished(app.Maria, id.ToString())).ShouldBe((9, 0));
        var statuses = (await Task.WhenAll(leads.Select(lead => app.As(app.Maria).Get($"/api/leads/{lead}")))).Select(lead => lead["status"]);
        statuses.ShouldBe([.. Enumerable.Repeat("Working", 5), .. Enumerable.Repeat("Qualified", 4)]);
    }

    [Fact]
    public async Task VW5i_progress_is_told_until_it_is_over_and_the_same_key_begins_one_job()
    {
        var leads = await app.Leads(app.Maria, 12, company);
        var request = new { leads = leads.Select(lead => new { id = lead }), action = "move", status = new { status = "Working" } };
        var key = Guid.NewGuid().ToString();
        var maria = app.As(app.Maria);
        var id = (await maria.Post("/api/leads/bulk-changes", request, key: key)).ShouldBe(HttpStatusCode.Accepted).Id;
        (await maria.Post("/api/leads/bulk-changes", request, key: key)).Id.ShouldBe(id);

        using var answer = await maria.GetAsync($"/api/leads/bulk-changes/{id}/progress", HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var told = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[5..])!).ToList();
        State(told[^1]).ShouldBe("completed");
        Counts(told[^1]).ShouldBe((12, 0));
    }

    [Fact]
    public async Task VW5j_other_services_hear_of_a_whole_chunk_in_one_event()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadsChanged));
        var leads = await app.Leads(app.Maria, 5, company);
        await app.Run(app.Maria, new { leads = leads.Select(lead => new { id = lead }), action = "delete" });
        var told = await bus.Next<LeadsChanged>(message => message.Kind == ChangeKind.Deleted && message.Leads.Any(lead => lead.LeadId == leads[0]));
        told.Leads.Select(lead => lead.LeadId).ShouldBe(leads, ignoreOrder: true);
        told.Leads.ShouldAllBe(lead => lead.IsDeleted && lead.Version == 2);
        told.ActorId.ShouldBe(app.Maria.Id);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>What hangs on a lead, and who may see it, across all services through the gateway.</summary>
[Collection(nameof(SharedSystem))]
public sealed class WholeHouseTests(RunningSystem system)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task C15_C16_C17_C18_C20_a_conversion_takes_along_what_hangs_on_the_lead()
    {
        using var rita = await system.SignIn(ct: Ct);
        using var rolf = await system.SignIn("rolf.rep@example.com", Ct);
        using var mark = await system.SignIn("mark.marketing@example.com", Ct);
        var rolfId = (await rolf.Get("/api/session", Ct))["userId"]!.GetValue<Guid>();
        var lead = await Lead(rita, "Carried");
        var related = new[] { new { type = "lead", id = lead } };

        var call = await Post(rita, "/api/activities/calls", new { text = "Asked for a demonstration", recordType = "lead", recordId = lead });
        var hers = await rita.Post("/api/activities", new { kind = "task", subject = "Send the offer", related }, Ct);
        var his = await Post(rolf, "/api/activities", new { kind = "task", subject = "Check the stock", related });
        var note = await rita.Post("/api/notes", new { html = "<p>Prefers <b>mornings</b></p>", related }, Ct);
        var file = await Upload(rita, lead, "plan.txt", "A plan"u8.ToArray());
        (await rolf.Send(HttpMethod.Put, $"/api/follows/lead/{lead}", new { }, ct: Ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        var campaign = await mark.Post("/api/campaigns", new { name = "Spring " + lead }, Ct);
        var member = await Post(mark, $"/api/campaigns/{campaign["id"]}/members", new { leadId = lead });

        var (status, result, _) = await rita.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { ownerId = rolfId }, new() { ["Prefer"] = "wait=30" }, Ct);
        status.ShouldBe(HttpStatusCode.OK, $"{result}");
        result!["state"]!.ToString().ShouldBe("completed", result.ToJsonString());
        result["carriedOver"]!.ToJsonString().ShouldBe("""{"activities":3,"notes":1,"files":1}""");
        result["memberships"]!.ToJsonString().ShouldBe("""{"moved":1,"merged":0}""");

        // One shared record each: the same ids on everything that the lead became (C15, C17).
        var all = new[] { call, hers, his, note, file }.Select(item => item["id"]!.ToString()).ToArray();
        foreach (var (type, id) in Became(result))
            (await Eventually($"the timeline of the {type} is there", async () => (await Timeline(rita, type, id)) is { Count: > 0 } ids ? ids : null)).ShouldBe(all, ignoreOrder: true, $"timeline of the {type}");

        // Open tasks of who converted go to the new owner, others' stay (C16).
        (await rita.Get($"/api/activities/{hers["id"]}", Ct))["ownerId"]!.GetValue<Guid>().ShouldBe(rolfId);
        (await rita.Get($"/api/activities/{his["id"]}", Ct))["ownerId"]!.GetValue<Guid>().ShouldBe(rolfId);
        (await rita.Get($"/api/activities/{call["id"]}", Ct))["ownerId"]!.GetValue<Guid>().ShouldNotBe(rolfId);

        // The membership is the contact's (C18), and a follower has heard of it once (C20).
        var moved = await mark.Get($"/api/campaigns/{campaign["id"]}/members/{member["id"]}", Ct);
        moved["contactId"]!.GetValue<Guid>().ShouldBe(Id(result, "contact"));
        (await rolf.Get("/api/notifications", Ct))["items"]!.AsArray().Count(n => n!.ToJsonString().Contains(lead.ToString(), StringComparison.Ordinal)).ShouldBe(1);

        // Deleted anywhere, it is gone everywhere; restored likewise (C15).
        var version = (await rita.Get($"/api/activities/{call["id"]}", Ct))["version"]!.GetValue<long>();
        (await rita.Send(HttpMethod.Delete, $"/api/activities/{call["id"]}", headers: new() { ["If-Match"] = $"\"{version}\"" }, ct: Ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        foreach (var (type, id) in Became(result)) (await Timeline(rita, type, id)).ShouldNotContain(call["id"]!.ToString());
        await rita.Post($"/api/activities/{call["id"]}/restore", new { }, Ct);
        foreach (var (type, id) in Became(result)) (await Timeline(rita, type, id)).ShouldContain(call["id"]!.ToString());
    }

    [Fact]
    public async Task PM7_a_lead_that_comes_back_from_the_recycle_bin_brings_its_activities_and_memberships_along()
    {
        using var rita = await system.SignIn(ct: Ct);
        using var mona = await system.SignIn("mona.manager@example.com", Ct);
        var lead = await Lead(rita, "Restored");
        var call = await Post(rita, "/api/activities/calls", new { text = "Rang twice", recordType = "lead", recordId = lead });
        var note = await rita.Post("/api/notes", new { html = "<p>Kept</p>", related = new[] { new { type = "lead", id = lead } } }, Ct);
        var campaign = await mona.Post("/api/campaigns", new { name = "Autumn " + lead }, Ct);
        await Post(mona, $"/api/campaigns/{campaign["id"]}/members", new { leadId = lead });

        var version = (await mona.Get($"/api/leads/{lead}", Ct))["version"]!.GetValue<long>();
        (await mona.Send(HttpMethod.Delete, $"/api/leads/{lead}", headers: new() { ["If-Match"] = $"\"{version}\"" }, ct: Ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        await Eventually("call, note and membership go along", async () =>
            await Status(rita, $"/api/activities/{call["id"]}") == 404 && await Status(rita, $"/api/notes/{note["id"]}") == 404 && await Members(mona, campaign) == 0 ? "gone" : null);

        await mona.Post($"/api/leads/{lead}/restore", new { }, Ct);
        await Eventually("they are back", async () =>
            await Status(rita, $"/api/activities/{call["id"]}") == 200 && await Status(rita, $"/api/notes/{note["id"]}") == 200 && await Members(mona, campaign) == 1 ? "back" : null);
        (await Timeline(rita, "lead", lead)).ShouldBe([call["id"]!.ToString(), note["id"]!.ToString()], ignoreOrder: true);
    }

    [Fact]
    public async Task AV8_the_last_touch_and_the_next_activity_of_a_lead_are_in_the_list_of_leads()
    {
        using var rita = await system.SignIn(ct: Ct);
        var lead = await Lead(rita, "Touched");
        await Post(rita, "/api/activities/calls", new { text = "Hello", recordType = "lead", recordId = lead });
        await rita.Post("/api/activities", new { kind = "task", subject = "Call again", dueOn = "2030-01-15", related = new[] { new { type = "lead", id = lead } } }, Ct);

        var item = await Eventually("the lead shows both", async () => (await rita.Get($"/api/leads?q={Word(lead)}", Ct))["items"]!.AsArray()
            .SingleOrDefault(l => l!["id"]!.GetValue<Guid>() == lead && l["lastTouchAt"] is not null && l["nextActivityAt"] is not null));
        item["lastTouchAt"]!.GetValue<DateTimeOffset>().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        (await rita.Get($"/api/leads?q={Word(lead)}&nextActivityAt[gte]=2030-01-01", Ct))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task LD8_one_box_finds_leads_accounts_contacts_opportunities_and_campaigns_also_with_a_typing_error()
    {
        using var rita = await system.SignIn(ct: Ct);
        using var mark = await system.SignIn("mark.marketing@example.com", Ct);
        var word = "Quendelbach" + Guid.NewGuid().ToString("N")[..4];
        await rita.Post("/api/leads", new { lastName = "Maurer", company = word + " Mills" }, Ct);
        var account = await rita.Post("/api/accounts", new { name = word + " Group" }, Ct);
        await rita.Post("/api/contacts", new { lastName = word, accountId = account["id"]!.GetValue<Guid>() }, Ct);
        await Eventually("Opportunities knows the account", async () => (await rita.Send(HttpMethod.Post, "/api/opportunities",
            new { name = word + " renewal", accountId = account["id"]!.GetValue<Guid>(), closeDate = "2030-06-30" }, ct: Ct)).Status == HttpStatusCode.Created ? "created" : null);
        await mark.Post("/api/campaigns", new { name = word + " days" }, Ct);

        foreach (var typed in new[] { word, word.ToLowerInvariant()[..8], word.Replace("ndel", "nedl", StringComparison.Ordinal) })
        {
            var found = await rita.Get($"/api/search?q={typed}", Ct);
            foreach (var type in new[] { "lead", "account", "contact", "opportunity", "campaign" })
                found.ToJsonString().ShouldContain($"\"type\":\"{type}\"", Case.Sensitive, $"'{typed}' finds no {type}: {found}");
        }
    }

    [Fact]
    public async Task PM2_PM5_a_private_lead_is_hidden_in_every_service_from_who_may_not_see_it()
    {
        using var admin = await system.SignIn("admin@leadcrm.local", Ct);
        using var rita = await system.SignIn(ct: Ct);
        using var rolf = await system.SignIn("rolf.rep@example.com", Ct);
        using var mona = await system.SignIn("mona.manager@example.com", Ct);
        var lead = await Lead(rita, "Private");
        var call = await Post(rita, "/api/activities/calls", new { text = "Between us", recordType = "lead", recordId = lead });
        var before = await Share(admin, "private");
        try
        {
            await Eventually("the lead is hidden from Rolf", async () => await Status(rolf, $"/api/leads/{lead}") == 404 ? "hidden" : null);
            (await rolf.Get($"/api/leads?q={Word(lead)}&count=exact", Ct))["count"]!.GetValue<long>().ShouldBe(0);
            (await rolf.Get($"/api/search?q={Word(lead)}", Ct)).ToJsonString().ShouldNotContain(lead.ToString());
            (await Status(rolf, $"/api/leads/{lead}/history")).ShouldBe(404);
            await Eventually("its call is hidden from Rolf", async () => await Status(rolf, $"/api/activities/{call["id"]}") == 404 ? "hidden" : null);
            (await Status(rolf, $"/api/activities/timeline?recordType=lead&recordId={lead}")).ShouldBe(404);
            (await rolf.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, ct: Ct)).Status.ShouldBe(HttpStatusCode.NotFound);

            // Mona leads the team above Rita's.
            (await Status(mona, $"/api/leads/{lead}")).ShouldBe(200);
            (await Status(mona, $"/api/activities/{call["id"]}")).ShouldBe(200);
            (await Status(rita, $"/api/leads/{lead}")).ShouldBe(200);
        }
        finally
        {
            await Share(admin, before);
            await Eventually("Rolf sees it again", async () => await Status(rolf, $"/api/leads/{lead}") == 200 ? "visible" : null);
        }
    }

    [Fact]
    public async Task LD11_a_thousand_leads_in_one_call_through_the_gateway_each_with_its_own_outcome()
    {
        using var mona = await system.SignIn("mona.manager@example.com", Ct);
        var batch = Guid.NewGuid().ToString("N")[..8];
        var lines = string.Join('\n', Enumerable.Range(0, 1_000).Select(i => i == 500
            ? """{"op":"create","record":{"company":"Nobody"}}"""
            : $$$"""{"op":"create","externalId":"{{{batch}}}-{{{i}}}","record":{"lastName":"Bulk {{{batch}}}","company":"Works {{{i}}}"}}"""));
        using var content = new StringContent(lines, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");

        var (status, body, _) = await mona.Send(HttpMethod.Post, "/api/leads/bulk", content, ct: Ct);

        status.ShouldBe(HttpStatusCode.OK, $"{body}");
        var outcomes = body!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        outcomes.Select(o => o["line"]!.GetValue<int>()).ShouldBe(Enumerable.Range(1, 1_000));
        outcomes.Count(o => o["status"]!.GetValue<int>() == 201).ShouldBe(999);
        outcomes[500]["status"]!.GetValue<int>().ShouldBe(422);
        (await mona.Get($"/api/leads?lastName=Bulk%20{batch}&count=exact&limit=1", Ct))["count"]!.GetValue<long>().ShouldBe(999);
    }

    [Fact]
    public async Task The_copy_of_who_owns_what_can_be_thrown_away_and_rebuilt_while_the_system_runs()
    {
        using var admin = await system.SignIn("admin@leadcrm.local", Ct);
        using var rita = await system.SignIn(ct: Ct);
        var lead = await Lead(rita, "Rebuilt");
        var call = await Post(rita, "/api/activities/calls", new { text = "Before", recordType = "lead", recordId = lead });
        var owners = await Eventually("nothing is on its way any more", async () =>
        {
            var once = await Owners();
            await Task.Delay(500, Ct);   // between two looks at a state that has to be at rest
            return once == await Owners() ? once : null;
        });

        await system.Scalar<long>("activities-db", "with gone as (delete from platform.record_access returning 1) select count(*) from gone", Ct);
        (await admin.Send(HttpMethod.Post, "/api/activities/read-models/record-access/rebuild", new { }, ct: Ct)).Status.ShouldBe(HttpStatusCode.Accepted);

        var later = await Lead(rita, "WhileRebuilding");
        await Eventually("the pass is through", async () => await system.Scalar<bool>(
            "activities-db", "select bool_and(coalesce(finished_at > requested_at, false)) from platform.read_models where name like 'record-access:%'", Ct) ? "through" : null);
        await Eventually("what is new meanwhile is known", async () => (await Owners()).Contains(later.ToString(), StringComparison.Ordinal) ? "known" : null);
        (await Owners()).Split('\n').Where(row => !row.Contains(later.ToString(), StringComparison.Ordinal)).ShouldBe(owners.Split('\n'));
        (await Status(rita, $"/api/activities/{call["id"]}")).ShouldBe(200);
    }

    private Task<string> Owners() => system.Scalar<string>("activities-db", """
        select coalesce(string_agg(concat_ws(' ', record_type, record_id, owner_id, queue_id, version, is_deleted), E'\n' order by record_type, record_id), '') from platform.record_access
        """, Ct);

    private static IEnumerable<(string Type, Guid Id)> Became(JsonNode conversion) =>
        new[] { "account", "contact", "opportunity" }.Select(type => (type, Id(conversion, type)));

    private static Guid Id(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();

    /// <summary>A word of the lead's name that no other record has.</summary>
    private static string Word(Guid lead) => words[lead];

    private static readonly Dictionary<Guid, string> words = [];

    private static async Task<Guid> Lead(GatewayClient client, string purpose)
    {
        var word = purpose + Guid.NewGuid().ToString("N")[..10];
        var id = (await client.Post("/api/leads", new { firstName = "Wanda", lastName = word, company = word + " Works" }, Ct))["id"]!.GetValue<Guid>();
        lock (words) words[id] = word;
        return id;
    }

    /// <summary>Other services hear of a new record a moment later; until then they know nothing of it.</summary>
    private static Task<JsonNode> Post(GatewayClient client, string path, object body) => Eventually($"POST {path} is accepted", async () =>
    {
        var (status, answer, _) = await client.Send(HttpMethod.Post, path, body, ct: Ct);
        if ((int)status is 404 or 422) return null;
        ((int)status).ShouldBeInRange(200, 299, $"POST {path}: {answer}");
        return answer;
    });

    private static async Task<JsonNode> Upload(GatewayClient client, Guid lead, string name, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var (status, answer, _) = await client.Send(HttpMethod.Post, $"/api/files?name={name}&recordType=lead&recordId={lead}", content, ct: Ct);
        status.ShouldBe(HttpStatusCode.Created, $"{answer}");
        return answer!;
    }

    private static async Task<List<string>> Timeline(GatewayClient client, string type, Guid id)
    {
        var (status, body, _) = await client.Send(HttpMethod.Get, $"/api/activities/timeline?recordType={type}&recordId={id}", ct: Ct);
        return status == HttpStatusCode.OK ? [.. body!["items"]!.AsArray().Select(item => item!["id"]!.ToString())] : [];
    }

    private static async Task<int> Status(GatewayClient client, string path) => (int)(await client.Send(HttpMethod.Get, path, ct: Ct)).Status;

    private static async Task<int> Members(GatewayClient client, JsonNode campaign) => (await client.Get($"/api/campaigns/{campaign["id"]}/members", Ct))["items"]!.AsArray().Count;

    /// <summary>Sets what everybody may do with leads; answers what it was.</summary>
    private static async Task<string> Share(GatewayClient admin, string leads)
    {
        var (_, settings, headers) = await admin.Send(HttpMethod.Get, "/api/organisation", ct: Ct);
        var before = settings!["sharing"]!["lead"]!.ToString();
        var sharing = settings["sharing"]!.DeepClone();
        sharing["lead"] = leads;
        var body = new JsonObject
        {
            ["name"] = settings["name"]!.DeepClone(), ["timeZone"] = settings["timeZone"]!.DeepClone(), ["currency"] = settings["currency"]!.DeepClone(),
            ["firstFiscalMonth"] = settings["firstFiscalMonth"]!.DeepClone(), ["sharing"] = sharing,
        };
        var (status, answer, _) = await admin.Send(HttpMethod.Put, "/api/organisation", body, new() { ["If-Match"] = headers.ETag!.ToString() }, Ct);
        status.ShouldBe(HttpStatusCode.OK, $"{answer}");
        return before;
    }

    private static async Task<T> Eventually<T>(string what, Func<Task<T?>> get) where T : class
    {
        T? found = null;
        await RunningSystem.Eventually(what, async () => (found = await get()) is not null, TimeSpan.FromSeconds(30));
        return found!;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Many leads in one call (LD11).</summary>
public sealed class BulkTests(LeadsApp app, ITestOutputHelper output)
{
    private readonly HttpClient admin = app.As(TestUser.Admin);
    private readonly string mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task LD11_leads_are_created_updated_upserted_transferred_deleted_and_restored()
    {
        var created = await Send([New("a"), New("b"), New("c")]);
        created.Select(Status).ShouldBe([201, 201, 201]);
        var (a, b, c) = (Id(created[0]), Id(created[1]), Id(created[2]));

        var changed = await Send([
            new { op = "update", id = a, version = 1, record = new { city = "Bath" } },
            new { op = "upsert", externalId = $"{mark}-b", record = new { city = "York" } },
            new { op = "upsert", externalId = $"{mark}-new", record = new { lastName = "Upserted", company = mark } },
            new { op = "transfer", id = c, record = new { ownerId = TestUser.Rep.Id } },
            new { op = "delete", externalId = $"{mark}-b", version = 2 },
        ]);
        changed.Select(Status).ShouldBe([200, 200, 201, 200, 204]);
        changed.Select(r => r["version"]!.GetValue<long>()).ShouldBe([2, 2, 1, 2, 3]);

        (await admin.Get($"/api/leads/{a}"))["city"].ShouldBe("Bath");
        (await admin.Get($"/api/leads/{b}")).ShouldBe(HttpStatusCode.NotFound);
        (await admin.Get($"/api/leads/{c}"))["ownerId"].ShouldBe(TestUser.Rep.Id.ToString());
        (await Send([new { op = "restore", id = b }])).Select(Status).ShouldBe([200]);
        (await admin.Get($"/api/leads/{b}"))["city"].ShouldBe("York");
    }

    [Fact]
    public async Task LD11_one_bad_record_never_spoils_the_others_and_results_come_in_order()
    {
        var taken = Id((await Send([New("taken")]))[0]);
        var results = await Send(string.Join('\n',
            Json(New("good1")), Json(new { op = "create", record = new { firstName = "No last name" } }), "{ this is no JSON", Json(New("taken")),
            Json(new { op = "update", id = taken, version = 7, record = new { city = "Bath" } }), Json(new { op = "update", id = Guid.NewGuid(), version = 1, record = new { city = "Bath" } }),
            Json(new { op = "update", id = taken, record = new { city = "Bath" } }), Json(new { op = "create", record = new { lastName = "X", company = "Y", shoeSize = 9 } }), "", Json(New("good2"))));

        results.Select(r => r["line"]!.GetValue<int>()).ShouldBe(Enumerable.Range(1, 9));
        results.Select(Status).ShouldBe([201, 422, 400, 409, 412, 404, 428, 400, 201]);
        results[1]["problem"]!["errors"]!["lastName"].ShouldNotBeNull();
        results[7]["problem"]!["detail"]!.ToString().ShouldContain("shoeSize");
        results[3]["problem"]!["type"]!.ToString().ShouldBe("urn:leadcrm:external-id-taken");
    }

    [Fact]
    public async Task LD11_a_record_that_the_database_refuses_spoils_no_other()
    {
        // The same key twice in the fields, where it is only the unique index that finds it.
        var twice = new { op = "create", record = new { lastName = "Twice", company = mark, externalId = $"{mark}-twice" } };
        (await Send([New("before"), twice, twice, New("after")])).Select(Status).ShouldBe([201, 201, 409, 201]);
        (await Count()).ShouldBe(3);
    }

    [Fact]
    public async Task LD11_the_same_record_may_come_twice()
    {
        var results = await Send([
            new { op = "upsert", externalId = $"{mark}-again", record = (object)new { lastName = "Once", company = mark } },
            new { op = "upsert", externalId = $"{mark}-again", record = (object)new { city = "Bath" } },
            new { op = "update", externalId = $"{mark}-again", version = 2, record = (object)new { city = "York" } },
        ]);

        results.Select(Status).ShouldBe([201, 200, 200]);
        (await admin.Get($"/api/leads/{Id(results[0])}")).ShouldSatisfyAllConditions(l => l["city"].ShouldBe("York"), l => l["lastName"].ShouldBe("Once"), l => l["version"].ShouldBe("3"));
    }

    [Fact]
    public async Task LD11_each_line_demands_the_permission_of_what_it_does()
    {
        var user = TestUser.With("leads.read", "leads.create");
        await app.Know(user);
        var id = Id((await Send([New("theirs")]))[0]);

        var results = await Send([New("mine"), new { op = "update", id, version = 1, record = new { city = "Bath" } }, new { op = "delete", id, version = 1 }, new { op = "transfer", id, record = new { ownerId = user.Id } }], app.As(user));
        results.Select(Status).ShouldBe([201, 403, 403, 403]);
    }

    [Fact]
    public async Task LD11_a_locked_lead_is_a_conflict_before_its_version_is_looked_at()
    {
        var id = Id((await Send([New("locked")]))[0]);
        await app.Database.Execute("update leads set conversion = 'Converting', conversion_id = gen_random_uuid() where id = $1", id);

        var result = (await Send([new { op = "update", id, version = 9, record = new { city = "Bath" } }])).Single();
        Status(result).ShouldBe(409);
        result["problem"]!["conversionId"].ShouldNotBeNull();
    }

    [Fact]
    public async Task LD11_more_than_10_000_lines_are_413_and_nothing_is_written()
    {
        var line = Json(New("many"));
        using var answer = await Post(string.Join('\n', Enumerable.Repeat(line, 10_001)), admin);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await Count()).ShouldBe(0);
    }

    [Fact]
    public async Task LD11_another_content_type_is_415()
    {
        using var body = new StringContent(Json(New("json")), Encoding.UTF8, "application/json");
        (await admin.Send(HttpMethod.Post, "/api/leads/bulk", body)).ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task LD11_the_outcome_is_kept_under_its_key_and_an_interrupted_call_goes_on()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 700).Select(i => Json(new { op = "create", record = new { lastName = $"L{i}", company = mark } })));
        var key = Guid.NewGuid().ToString();
        var first = await Read(await Post(lines, admin, key));
        (await Count()).ShouldBe(700);

        (await Read(await Post(lines, admin, key))).Select(r => r.ToJsonString()).ShouldBe(first.Select(r => r.ToJsonString()));
        (await Count()).ShouldBe(700);
        using var other = await Post(Json(New("other")), admin, key);
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // As if the first call had ended between its two commits: the second chunk is neither written nor answered yet.
        await app.Database.Execute("delete from leads where company = $1 and last_name in (select 'L' || n from generate_series(500, 699) n)", mark);
        await app.Database.Execute("delete from platform.bulk_chunks where chunk = 1 and job_id = (select operation_id from platform.idempotency_keys where key = $1)", key);
        var again = await Read(await Post(lines, admin, key));
        again.Count.ShouldBe(700);
        again.Take(500).Select(Id).ShouldBe(first.Take(500).Select(Id));
        (await Count()).ShouldBe(700);
    }

    [Fact]
    public async Task LD11_other_services_hear_of_a_chunk_in_one_event_with_every_state()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadsChanged));
        var ids = (await Send([.. Enumerable.Range(0, 30).Select(i => New($"event{i}"))])).Select(Id).ToArray();

        var told = await bus.Next<LeadsChanged>(m => m.Leads.Any(l => l.LeadId == ids[0]));
        told.Leads.Select(l => l.LeadId).ShouldBe(ids);
        told.ShouldSatisfyAllConditions(m => m.Kind.ShouldBe(ChangeKind.Created), m => m.ActorId.ShouldBe(TestUser.Admin.Id), m => m.Leads.ShouldAllBe(l => l.Version == 1));
    }

    [Fact]
    public async Task LD11_bulk_changes_are_in_the_history_with_old_and_new_values()
    {
        var id = Id((await Send([New("history")]))[0]);
        await Send([new { op = "update", id, version = 1, record = new { city = "Bath" } }]);

        var history = (await admin.Get($"/api/leads/{id}/history")).Body!["items"]!.AsArray();
        history.Select(h => h!["kind"]!.ToString()).ShouldBe(["updated", "created"]);
        history[0]!["changes"]!["city"]!["new"]!.ToString().ShouldBe("Bath");
        history[0]!["operationId"].ShouldNotBeNull();
    }

    [Fact]
    public async Task LD11_takes_10_000_records_a_call()
    {
        const int many = 10_000;
        var began = TimeProvider.System.GetTimestamp();
        var created = await Send([.. Enumerable.Range(0, many).Select(i => (object)new { op = "create", externalId = $"{mark}-{i}", record = new { firstName = "Ada", lastName = $"Many {i}", company = mark, email = $"m{i}@{mark}.example", phone = "+442079460123", country = "GB" } })]);
        var creating = TimeProvider.System.GetElapsedTime(began);
        created.ShouldAllBe(r => Status(r) == 201);

        began = TimeProvider.System.GetTimestamp();
        var updated = await Send([.. created.Take(2_000).Select(r => (object)new { op = "update", id = Id(r), version = 1, record = new { city = "Bath", employees = 12 } })]);
        var updating = TimeProvider.System.GetElapsedTime(began);
        updated.ShouldAllBe(r => Status(r) == 200);

        (await app.Database.Scalar<long>("select count(*) from leads where company = $1 and city = 'Bath' and version = 2", mark)).ShouldBe(updated.Count);
        (await Count()).ShouldBe(many);
        output.WriteLine($"{many / creating.TotalSeconds:0} created and {updated.Count / updating.TotalSeconds:0} updated leads a second");
    }

    private object New(string key) => new { op = "create", externalId = $"{mark}-{key}", record = new { lastName = key, company = mark } };

    private Task<long> Count() => app.Database.Scalar<long>("select count(*) from leads where company = $1", mark);

    private Task<List<JsonObject>> Send(IEnumerable<object> lines, HttpClient? client = null) => Send(string.Join('\n', lines.Select(Json)), client);

    private async Task<List<JsonObject>> Send(string lines, HttpClient? client = null) => await Read(await Post(lines, client ?? admin));

    private static async Task<HttpResponseMessage> Post(string lines, HttpClient client, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/leads/bulk") { Content = new StringContent(lines, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    private static async Task<List<JsonObject>> Read(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
        }
    }

    private static string Json(object line) => JsonSerializer.Serialize(line);

    private static int Status(JsonObject result) => result["status"]!.GetValue<int>();

    private static Guid Id(JsonObject result) => result["id"]!.GetValue<Guid>();
}

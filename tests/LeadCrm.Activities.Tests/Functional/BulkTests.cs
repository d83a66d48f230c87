using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadCrm.Activities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>Many activities in one call (LD11), under the rules of the single endpoints.</summary>
[Collection(nameof(OneApp))]
public sealed class BulkTests(ActivitiesApp app)
{
    private readonly string mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task LD11_calls_of_a_telephone_exchange_come_in_once_and_touch_their_lead()
    {
        var lead = await app.Lead();
        object Call(int n) => new { op = "upsert", externalId = $"{mark}-{n}", record = new { kind = "call", subject = $"Call {n}", happenedAt = DateTimeOffset.UtcNow.AddMinutes(-n), related = new[] { new { type = "lead", id = lead } } } };

        (await Send(app.Rep, [.. Enumerable.Range(1, 30).Select(Call)])).ShouldAllBe(r => Status(r) == 201);
        (await Send(app.Rep, [.. Enumerable.Range(1, 31).Select(Call)])).Select(Status).ShouldBe([.. Enumerable.Repeat(200, 30), 201]);

        (await app.Rep.Get($"/api/activities?recordType=lead&recordId={lead}&count=exact"))["count"].GetInt64().ShouldBe(31);
        var touched = await app.Bus.Next<RecordActivityChanged>(m => m.RecordId == lead);
        touched.LastTouchAt!.Value.ShouldBe(DateTimeOffset.UtcNow.AddMinutes(-1), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task LD11_activities_are_changed_transferred_deleted_and_restored_in_bulk()
    {
        var lead = await app.Lead();
        var (a, b) = (await app.OpenTask(lead), await app.OpenTask(lead));

        var results = await Send(app.Rep,
        [
            new { op = "update", id = a.Id, version = 1, record = new { subject = "Send another" } },
            new { op = "transfer", id = a.Id, record = new { ownerId = TestUser.OtherRep.Id } },
            new { op = "update", id = b.Id, version = 7, record = new { subject = "Never" } },
            new { op = "delete", id = b.Id, version = 1 },
            new { op = "create", record = new { kind = "task" } },
            new { op = "create", record = new { kind = "task", subject = "Nowhere", related = new[] { new { type = "house", id = Guid.NewGuid() } } } },
        ]);

        results.Select(Status).ShouldBe([200, 200, 412, 204, 422, 422]);
        var changed = await app.Rep.Get($"/api/activities/{a.Id}");
        (changed["subject"].GetString(), changed["ownerId"].GetGuid()).ShouldBe(("Send another", TestUser.OtherRep.Id));
        (await app.Rep.Get($"/api/activities/{b.Id}")).ShouldBe(HttpStatusCode.NotFound);
        (await Send(app.Rep, [new { op = "restore", id = b.Id }])).Select(Status).ShouldBe([200]);
        (await app.Rep.Get($"/api/activities/{b.Id}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LD11_what_is_put_on_a_converted_lead_in_bulk_hangs_on_what_it_became_too()
    {
        var (lead, account, contact) = (await app.Lead(), await app.Record("account"), await app.Record("contact"));
        await app.Database.Execute("insert into conversions (conversion_id, lead_id, account_id, contact_id, activities, notes, files, at) values (gen_random_uuid(), $1, $2, $3, 0, 0, 0, now())", lead, account, contact);

        var results = await Send(app.Rep, [.. Enumerable.Range(0, 2).Select(n => (object)new { op = "create", record = new { kind = "task", subject = $"Later {n}", related = new[] { new { type = "lead", id = lead } } } })]);

        results.ShouldAllBe(r => Status(r) == 201);
        foreach (var (type, id) in new[] { ("account", account), ("contact", contact) })
            (await app.Rep.Get($"/api/activities?recordType={type}&recordId={id}&count=exact"))["count"].GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task LD11_each_line_demands_the_permission_of_what_it_does()
    {
        var user = TestUser.With("activities.read", "activities.create", "leads.read");
        await app.Know(user);
        var task = await app.OpenTask(await app.Lead());

        var results = await Send(app.By(user),
        [
            new { op = "create", record = new { kind = "task", subject = "Mine" } },
            new { op = "update", id = task.Id, version = 1, record = new { subject = "Theirs" } },
            new { op = "delete", id = task.Id, version = 1 },
        ]);
        results.Select(Status).ShouldBe([201, 403, 403]);
    }

    private static async Task<List<JsonElement>> Send(Caller caller, object[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines.Select(line => JsonSerializer.Serialize(line))), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        var answer = (await caller.Send(HttpMethod.Post, "/api/activities/bulk", content)).ShouldBe(HttpStatusCode.OK);
        return [.. Encoding.UTF8.GetString(answer.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private static int Status(JsonElement result) => result.GetProperty("status").GetInt32();
}

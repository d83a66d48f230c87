using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>
/// The life of a record of every kind, from the example of its POST to its end 30 days after it was deleted. A kind of record is an
/// address that can be listed and posted to, whose single records can be patched and deleted.
/// </summary>
[Collection("walk")]   // one after the other: some look at what the others would write
public sealed class RecordConventions(House house)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static TheoryData<string> Services => House.Names;

    /// <summary>What this walk does not take, and why: an exception is a decision, nothing is left out silently.</summary>
    [Fact]
    public void The_walk_leaves_no_kind_of_record_out()
    {
        var (kinds, others) = (new List<Kind>(), new List<string>());
        foreach (var service in House.Names.Select(row => row.Data))
        {
            var here = Kind.Of(house, service).ToList();
            kinds.AddRange(here);
            others.AddRange(house[service].Operations.Where(o => o.Method == "PATCH" && o.Path.EndsWith("/{id}", StringComparison.Ordinal)).Select(o => o.Path[..^"/{id}".Length]).Except(here.Select(kind => kind.Path)));
        }

        kinds.Count.ShouldBeGreaterThanOrEqualTo(7);
        // The public sends submissions, files are uploaded; users are deactivated, teams dissolved into others, roles there from the start; custom
        // fields are brought back by their own undelete: tests of their services show them.
        string[] ofCustomFields = ["/api/accounts/custom-fields", "/api/contacts/custom-fields", "/api/leads/custom-fields", "/api/opportunities/custom-fields"];
        others.ShouldBe(["/api/capture/submissions", "/api/files", "/api/roles", "/api/teams", "/api/users", .. ofCustomFields], ignoreOrder: true);
        kinds.Where(kind => !kind.Offers("POST", "/bulk")).Select(kind => kind.Path).ShouldBe(["/api/capture/forms", "/api/notes"], ignoreOrder: true, "notes are written by hand, forms set up");
        kinds.Where(kind => !kind.Offers("GET", "/search")).Select(kind => kind.Path).ShouldBe(["/api/activities", "/api/capture/forms", "/api/notes"], ignoreOrder: true, "the one search box finds people, companies, deals and campaigns");
    }

    [Theory, MemberData(nameof(Services))]
    public Task HC2_a_record_is_guarded_by_its_version(string service) => Each(service, async kind =>
    {
        var created = await kind.Create();
        if (created.Status != HttpStatusCode.Created) return $"POST of its example: {created}";
        if (created.ETag != "\"1\"" || (long?)created.Json!["version"] != 1) return "is not created with version 1 and its ETag";
        var address = $"{kind.Path}/{created.Json!["id"]}";
        if (created.Location?.ToString() != address) return $"is created with the Location {created.Location}";
        var read = await kind.Read(address);
        if (read.ETag != "\"1\"") return "is read without its ETag";

        var (field, value) = kind.SomeText();
        var patch = new JsonObject { [field] = value + " 2" }.ToJsonString();
        var changed = await kind.Patch(address, patch, "\"1\"");
        if (changed.Status != HttpStatusCode.OK || changed.ETag != "\"2\"" || (string?)changed.Json![field] != value + " 2") return $"PATCH: {changed}";
        if (RequestConventions.Problem(await kind.Patch(address, patch, "\"1\""), HttpStatusCode.PreconditionFailed, "stale-version") is { } late) return "PATCH of an old version " + late;
        if (RequestConventions.Problem(await kind.Delete(address, "\"1\""), HttpStatusCode.PreconditionFailed, "stale-version") is { } lateDelete) return "DELETE of an old version " + lateDelete;
        return null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC3_absent_stays_and_null_clears_in_a_merge_patch(string service) => Each(service, async kind =>
    {
        var created = await kind.Create();
        var address = $"{kind.Path}/{created.Json!["id"]}";
        var (field, value) = kind.SomeText();
        if (!kind.PatchFields.Contains("description")) return null;
        var filled = await kind.Patch(address, """{"description":"Filled"}""", "\"1\"");
        if ((string?)filled.Json!["description"] != "Filled" || (string?)filled.Json![field] != value) return $"PATCH changes more than it says: {filled}";
        var cleared = await kind.Patch(address, """{"description":null}""", "\"2\"");
        return cleared.Json!["description"] is null ? null : $"null does not clear: {cleared}";
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC5_the_same_key_makes_one_record_and_another_body_is_422(string service) => Each(service, async kind =>
    {
        var key = Guid.NewGuid().ToString();
        var body = await kind.ExampleBody();
        var twins = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => kind.Create(body, key)));
        if (twins.Any(t => t.Status != HttpStatusCode.Created)) return $"four twins: {string.Join(" | ", twins.Select(t => t.ToString()))}";
        if (twins.Select(t => (string)t.Json!["id"]!).Distinct().Count() != 1) return "makes several records under one key";
        if (twins.Select(t => t.ETag).Distinct().Single() is null) return "repeats without the ETag";
        var other = body.DeepClone().AsObject();
        var (field, value) = kind.SomeText();
        other[field] = value + " other";
        return RequestConventions.Problem(await kind.Create(other, key), HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM7_what_is_deleted_is_in_the_recycle_bin_and_comes_back_whole(string service) => Each(service, async kind =>
    {
        var created = await kind.Create();
        var id = (string)created.Json!["id"]!;
        var address = $"{kind.Path}/{id}";
        var gone = await kind.Delete(address, "\"1\"");
        if (gone.Status != HttpStatusCode.NoContent) return $"DELETE: {gone}";
        if ((await kind.Read(address)).Status != HttpStatusCode.NotFound) return "is still there after DELETE";
        if (await kind.IsListed(id)) return "is still listed after DELETE";
        if (!await kind.IsListed(id, "deleted=true&")) return "is not in the list with deleted=true";
        var history = await kind.Read(address + "/history");
        if (history.Status != HttpStatusCode.OK || (string?)history.Json!["items"]![0]!["kind"] != "deleted") return $"its history cannot be read in the recycle bin: {history}";

        var back = await Operation.Send(kind.Client, "POST", address + "/restore", "{}");
        if (back.Status != HttpStatusCode.OK || back.ETag != "\"3\"") return $"POST restore: {back}";
        if (!await kind.IsListed(id)) return "is not listed after it was restored";
        return RequestConventions.Problem(await Operation.Send(kind.Client, "POST", address + "/restore", "{}"), HttpStatusCode.Conflict, "not-deleted") is { } twice ? "restored twice " + twice : null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM6_the_history_has_every_field_with_old_and_new_values(string service) => Each(service, async kind =>
    {
        var created = await kind.Create();
        var address = $"{kind.Path}/{created.Json!["id"]}";
        var (field, value) = kind.SomeText();
        await kind.Patch(address, new JsonObject { [field] = value + " 2" }.ToJsonString(), "\"1\"");
        var entries = (await kind.Read(address + "/history")).Json?["items"]?.AsArray();
        if (entries?.Count != 2) return $"has {entries?.Count} entries of history after one change";
        if (!entries[0]!["changes"]!.AsObject().Any(change => change.Value?["old"]?.ToString() == value && change.Value["new"]?.ToString() == value + " 2")) return $"its history says {entries[0]!.ToJsonString()}";
        return (string?)entries[1]!["kind"] == "created" && entries[0]!["actorId"] is not null && entries[0]!["at"] is not null && (long?)entries[0]!["version"] == 2 ? null : $"its history says {entries.ToJsonString()}";
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM7_the_recycle_bin_is_emptied_after_30_days(string service) => Each(service, async kind =>
    {
        var (old, young) = ((string)(await kind.Create()).Json!["id"]!, (string)(await kind.Create()).Json!["id"]!);
        foreach (var id in (string[])[old, young]) await kind.Delete($"{kind.Path}/{id}", "\"1\"");
        await kind.DeletedAgo(young, "29 days 23 hours");
        await kind.DeletedAgo(old, "30 days 1 second");

        await Eventually.Is(async () => !await kind.IsListed(old, "deleted=true&"), $"{kind.Path}: what was deleted 30 days ago is removed", Deadline);
        if (await kind.Database.Scalar<long>("select count(*) from platform.field_history where record_id = $1", Guid.Parse(old)) != 0) return "leaves the history of what is removed";
        return await kind.IsListed(young, "deleted=true&") ? null : "removes what was deleted less than 30 days ago";
    });

    [Theory, MemberData(nameof(Services))]
    public Task LD11_records_are_written_in_bulk_and_one_bad_line_spoils_no_other(string service) => Each(service, async kind =>
    {
        if (!kind.Offers("POST", "/bulk")) return null;
        var body = (await kind.ExampleBody()).AsObject();
        var (key, wrong) = ($"walk-{Guid.NewGuid():N}", body.DeepClone().AsObject());
        wrong["notAMemberOfThis"] = 1;
        var (field, value) = kind.SomeText();
        JsonObject Line(string op, params (string Name, JsonNode? Value)[] more) => new([KeyValuePair.Create<string, JsonNode?>("op", op), .. more.Select(m => KeyValuePair.Create(m.Name, m.Value?.DeepClone()))]);

        var first = await kind.Bulk(Line("create", ("externalId", key), ("record", body)), Line("create", ("record", wrong)), Line("create", ("externalId", key), ("record", body)), Line("upsert", ("externalId", key + "-2"), ("record", body)));
        if (!first.Select(r => (int)r["status"]!).SequenceEqual([201, 400, 409, 201])) return "bulk: " + string.Join('\n', first.Select(r => r.ToJsonString()));
        var id = (string)first[0]["id"]!;
        var then = await kind.Bulk(
            Line("update", ("id", id), ("version", 1), ("record", new JsonObject { [field] = value + " 2" })), Line("update", ("id", id), ("version", 1), ("record", new JsonObject { [field] = value + " 3" })),
            Line("upsert", ("externalId", key), ("record", new JsonObject { [field] = value + " 4" })), Line("delete", ("externalId", key), ("version", 3)), Line("restore", ("id", id)), Line("delete", ("id", id)),
            Line("transfer", ("id", id), ("record", new JsonObject { ["ownerId"] = TestUser.OtherRep.Id.ToString() })));
        if (!then.Select(r => (int)r["status"]!).SequenceEqual([200, 412, 200, 204, 200, 428, 200])) return "bulk: " + string.Join('\n', then.Select(r => r.ToJsonString()));
        var written = (await kind.Read($"{kind.Path}/{id}")).Json;
        return (string?)written?[field] == value + " 4" && (long?)then[4]["version"] == 5 && (string?)written?["ownerId"] == TestUser.OtherRep.Id.ToString() ? null : "bulk changes are not there";
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM4_an_export_holds_every_record_of_the_list_and_no_formula(string service) => Each(service, async kind =>
    {
        if (!kind.Offers("POST", "/bulk")) return null;
        const int more = 205;   // than a page holds
        string[] beginnings = ["=1+1 ", "+1 ", "-1 ", "@SUM ", "Plain ", "Com,ma \" "];
        var (body, mark) = ((await kind.ExampleBody()).AsObject(), Guid.NewGuid().ToString("N")[..12]);
        var field = kind.SomeText().Field;
        var results = await kind.Bulk([.. Enumerable.Range(0, more).Select(i =>
        {
            var record = body.DeepClone().AsObject();
            record[field] = $"{beginnings[i % beginnings.Length]}{mark} {i}";
            return new JsonObject { ["op"] = "create", ["record"] = record };
        })]);
        if (results.FirstOrDefault(r => (int)r["status"]! != 201) is { } refused) return $"bulk: {refused.ToJsonString()}";

        var lines = (await Operation.Send(kind.Client, "GET", $"{kind.Path}?format=csv&{field}[contains]={mark}")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != more + 1) return $"exports {lines.Length - 1} of {more} records: {lines[0]}";
        for (var i = 0; i < more; i++)
        {
            var begins = beginnings[i % beginnings.Length];
            var cell = begins[0] is 'P' ? $"{begins}{mark} {i}" : begins[0] is 'C' ? $"\"{begins.Replace("\"", "\"\"", StringComparison.Ordinal)}{mark} {i}\"" : $"'{begins}{mark} {i}";
            if (!lines.Any(line => line.Contains($",{cell},", StringComparison.Ordinal))) return $"has no cell {cell}";
        }
        return null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task LD8_a_record_is_found_by_its_name_with_a_typing_error_and_not_when_it_is_deleted(string service) => Each(service, async kind =>
    {
        if (!kind.Offers("GET", "/search")) return null;
        var body = (await kind.ExampleBody()).AsObject();
        var field = body.ContainsKey("lastName") ? "lastName" : "name";
        var word = "Quintessa" + string.Concat(Guid.NewGuid().ToString("N")[..6].Select(c => (char)('a' + (c % 16))));
        body[field] = word;
        var id = (string)(await kind.Create(body)).Json!["id"]!;
        foreach (var text in (string[])[word, word.ToUpperInvariant(), word[..12], word.Remove(3, 1)])
        {
            var hits = (await kind.Read($"{kind.Path}/search?q={text}")).Json?["items"]?.AsArray();
            if (hits is null || !hits.Any(h => (string)h!["id"]! == id && (string?)h["type"] == kind.Name)) return $"is not found by {text}: {hits?.ToJsonString()}";
        }
        await kind.Delete($"{kind.Path}/{id}", "\"1\"");
        return (await kind.Read($"{kind.Path}/search?q={word}")).Json!["items"]!.AsArray().Count == 0 ? null : "is found after it was deleted";
    });

    private async Task Each(string service, Func<Kind, Task<string?>> look)
    {
        var wrong = new StringBuilder();
        foreach (var kind in Kind.Of(house, service))
            if (await look(kind) is { } what) wrong.AppendLine($"{kind.Path} {what}");
        wrong.ToString().ShouldBeEmpty();
    }
}

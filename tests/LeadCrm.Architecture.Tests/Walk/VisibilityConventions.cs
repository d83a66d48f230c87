using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Visibility;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>
/// A private record of every kind, and everything that its service offers, tried by somebody who has every permission but may not see the
/// record: the services are asked themselves, no gateway stands before them. An operation that is added is tried without a line here.
/// </summary>
[Collection("walk")]   // one after the other: some look at what the others would write
public sealed class VisibilityConventions(House house)
{
    private static readonly string[] SeesAll = ["data.viewAll", "data.editAll"];

    /// <summary>Settings, which nobody owns: whoever may set them up sees all of them.</summary>
    private static readonly string[] NobodysOwn = ["/api/capture/forms"];

    public static TheoryData<string> Services => House.Names;

    [Theory, MemberData(nameof(Services))]
    public Task PM5_no_operation_on_a_record_that_one_may_not_see_answers_anything_but_404(string service) => Each(service, async (kind, owner, stranger) =>
    {
        var (id, _) = await Create(kind, owner);
        var wrong = new StringBuilder();
        foreach (var operation in house[service].Operations.Where(o => o.Path.StartsWith(kind.Path + "/{id}", StringComparison.Ordinal)))
        {
            var answer = await operation.Send(stranger, Address(operation, id), Body(operation), ifMatch: operation.TakesIfMatch ? "\"1\"" : null);
            if (RequestConventions.Problem(answer, HttpStatusCode.NotFound, "not-found") is { } not) wrong.Append($"\n  {operation.Method} {operation.Path[kind.Path.Length..]} {not}");
        }
        var after = await Operation.Send(owner, "GET", $"{kind.Path}/{id}");
        if (after.ETag != "\"1\"") wrong.Append($"\n  the record was changed: {after}");
        return wrong.Length == 0 ? null : wrong.ToString();
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM5_no_list_count_search_or_file_holds_a_record_that_one_may_not_see(string service) => Each(service, async (kind, owner, stranger) =>
    {
        var wrong = new StringBuilder();
        foreach (var deleted in (bool[])[false, true])
        {
            var (id, word) = await Create(kind, owner);
            if (deleted) (await Operation.Send(owner, "DELETE", $"{kind.Path}/{id}", ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.NoContent);
            var bin = deleted ? "deleted=true&" : "";
            var field = kind.SomeText().Field;
            foreach (var query in (string[])[$"{bin}sort=-createdAt&limit=200", $"{bin}q={word}", $"{bin}{field}[contains]={word}", $"{bin}{field}[contains]={word}&format=csv"])
            {
                var (shown, hidden) = (await Operation.Send(owner, "GET", $"{kind.Path}?{query}"), await Operation.Send(stranger, "GET", $"{kind.Path}?{query}"));
                if (shown.Status == HttpStatusCode.BadRequest && query.StartsWith($"{bin}q=", StringComparison.Ordinal)) continue;   // not every list has words
                if (!shown.Text.Contains(word, StringComparison.Ordinal)) wrong.Append($"\n  ?{query} does not show it to its owner: {shown}");
                if (hidden.Status != HttpStatusCode.OK || hidden.Text.Contains(word, StringComparison.Ordinal) || hidden.Text.Contains(id, StringComparison.Ordinal)) wrong.Append($"\n  ?{query} answers {hidden}");
            }
            foreach (var count in (string[])["true", "exact"])
                if ((await Operation.Send(stranger, "GET", $"{kind.Path}?{bin}{field}[contains]={word}&count={count}")).Json!["count"]!.GetValue<long>() != 0) wrong.Append($"\n  count={count} counts it");
            if (kind.Offers("GET", "/search") && (await Operation.Send(stranger, "GET", $"{kind.Path}/search?q={word}")) is var found && (found.Status != HttpStatusCode.OK || found.Text.Contains(id, StringComparison.Ordinal)))
                wrong.Append($"\n  /search answers {found}");
        }
        return wrong.Length == 0 ? null : wrong.ToString();
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM5_bulk_lines_on_a_record_that_one_may_not_see_are_404_and_its_key_stays_taken(string service) => Each(service, async (kind, owner, stranger) =>
    {
        if (!kind.Offers("POST", "/bulk")) return null;
        var (id, word) = await Create(kind, owner);
        var (field, key) = (kind.SomeText().Field, $"hidden-{Guid.NewGuid():N}");
        (await Bulk(owner, kind, new JsonObject { ["op"] = "create", ["externalId"] = key, ["record"] = (await kind.ExampleBody()).DeepClone() })).ShouldBe([201]);
        var change = new JsonObject { [field] = "Changed" };

        var byId = await Bulk(stranger, kind,
            Line("update", ("id", id), ("version", 1), ("record", change)), Line("delete", ("id", id), ("version", 1)), Line("restore", ("id", id)),
            Line("transfer", ("id", id), ("record", new JsonObject { ["ownerId"] = TestUser.OtherRep.Id.ToString() })));
        if (!byId.SequenceEqual([404, 404, 404, 404])) return $"bulk by id answers {string.Join(", ", byId)}";
        // A key is one record's alone, seen or not: who may not see it is told that it is taken, and nothing of the record.
        var byKey = await Bulk(stranger, kind,
            Line("update", ("externalId", key), ("version", 1), ("record", change)), Line("delete", ("externalId", key), ("version", 1)), Line("upsert", ("externalId", key), ("record", (await kind.ExampleBody()).DeepClone())));
        if (!byKey.SequenceEqual([404, 404, 409])) return $"bulk by external id answers {string.Join(", ", byKey)}";
        var after = await Operation.Send(owner, "GET", $"{kind.Path}/{id}");
        return after.ETag == "\"1\"" && after.Text.Contains(word, StringComparison.Ordinal) ? null : $"the record was changed: {after}";
    });

    /// <summary>Runs for every kind of record, which nobody but its owner sees meanwhile.</summary>
    private async Task Each(string service, Func<Kind, HttpClient, HttpClient, Task<string?>> look)
    {
        var wrong = new StringBuilder();
        foreach (var kind in Kind.Of(house, service).Where(kind => !NobodysOwn.Contains(kind.Path, StringComparer.Ordinal)))
        {
            string[] everything = [.. house.Everything.Except(SeesAll, StringComparer.Ordinal)];
            var (mine, other) = (TestUser.With(everything), TestUser.With(everything));
            await house[service].Know(mine, other);
            using var owner = house[service].As(mine);
            using var stranger = house[service].As(other);
            await house[service].Share(kind.Name, "private");
            try
            {
                if (await look(kind, owner, stranger) is { } what) wrong.AppendLine($"{kind.Path}: {what}");
            }
            finally
            {
                await house[service].Share(kind.Name, SharingDefaults.Shipped.GetValueOrDefault(kind.Name, "private"));
            }
        }
        wrong.ToString().ShouldBeEmpty();
    }

    private static async Task<(string Id, string Word)> Create(Kind kind, HttpClient owner)
    {
        var body = (await kind.ExampleBody()).AsObject();
        var word = "Hidden" + Guid.NewGuid().ToString("N")[..12];
        body[kind.SomeText().Field] = word;
        var created = await Operation.Send(owner, "POST", kind.Path, body.ToJsonString());
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        return ((string)created.Json!["id"]!, word);
    }

    private static string Address(Operation operation, string id) => operation.With(operation.Path.Replace("{id}", id, StringComparison.Ordinal));

    private static string? Body(Operation operation) => operation.JsonType is null ? null : operation.Method == "PATCH" ? "{}" : (operation.Example ?? operation.SmallestBody()).ToJsonString();

    private static JsonObject Line(string op, params (string Name, JsonNode? Value)[] more) =>
        new([KeyValuePair.Create<string, JsonNode?>("op", op), .. more.Select(m => KeyValuePair.Create(m.Name, m.Value?.DeepClone()))]);

    private static async Task<int[]> Bulk(HttpClient client, Kind kind, params JsonObject[] lines)
    {
        var answer = await Operation.Send(client, "POST", kind.Path + "/bulk", string.Join('\n', lines.Select(l => l.ToJsonString())), "application/x-ndjson");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (int)JsonNode.Parse(line)!["status"]!)];
    }
}

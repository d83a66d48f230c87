using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadCrm.Testing;
using Shouldly;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>A kind of record and how it is spoken to.</summary>
internal sealed class Kind(House house, string service, string path)
{
    private readonly IReadOnlyList<Operation> operations = house[service].Operations;

    /// <summary>What a service has that is deleted into the recycle bin, and is created by a described body.</summary>
    public static IEnumerable<Kind> Of(House house, string service)
    {
        var all = house[service].Operations;
        return all.Where(o => o.Path.EndsWith("/{id}/restore", StringComparison.Ordinal)).Select(o => o.Path[..o.Path.IndexOf("/{", StringComparison.Ordinal)])
            .Where(path => all.Any(o => o.Method == "POST" && o.Path.TrimEnd('/') == path && o.JsonType is not null))   // files are uploaded, not described
            .Select(path => new Kind(house, service, path));
    }

    public string Path => path;

    /// <summary>As answers of the search call it: account for /api/accounts.</summary>
    public string Name => path.Split('/')[^1] switch { var many when many.EndsWith("ies", StringComparison.Ordinal) => many[..^3] + "y", var many => many.TrimEnd('s') };

    public HttpClient Client => house[service].Allowed;

    public TestDatabase Database => house[service].Database;

    public HashSet<string> PatchFields => Of("PATCH", path + "/{id}").Schema!["properties"]!.AsObject().Select(p => p.Key).ToHashSet();

    public bool Offers(string method, string rest) => operations.Any(o => o.Method == method && o.Path == path + rest);

    /// <summary>A text of the example that may be changed.</summary>
    public (string Field, string Value) SomeText()
    {
        var fields = PatchFields;
        foreach (var preferred in (string[])["name", "subject", "title", "lastName"])
            if (fields.Contains(preferred) && Example[preferred] is JsonValue text) return (preferred, (string)text!);
        throw new InvalidOperationException($"{path}: the example has no text that can be changed.");
    }

    /// <summary>The example, with records of other kinds where it names them.</summary>
    public async Task<JsonNode> ExampleBody()
    {
        var body = Example.DeepClone().AsObject();
        foreach (var (name, value) in body.ToList())
        {
            if (value is not JsonValue || value.ToString() != Guid.Empty.ToString() || !name.EndsWith("Id", StringComparison.Ordinal)) continue;
            // accountId is an account's, ownedByTeamId a team's, actingUserId that of whoever walks.
            var what = Regex.Match(name, "[A-Za-z][a-z]+(?=Id$)", RegexOptions.None, TimeSpan.FromSeconds(5)).Value.ToLowerInvariant();
            if (what == "user")
            {
                body[name] = house[service].AllowedId;
                continue;
            }
            var other = what == "owner" ? null : House.Names.SelectMany(row => house[row.Data].Operations.Where(o => o.Method == "POST" && o.Path.TrimEnd('/') == $"/api/{what}s").Select(o => new Kind(house, row.Data, o.Path.TrimEnd('/')))).FirstOrDefault();
            body[name] = other is null ? null : await other.AnyId();
        }
        return body;
    }

    /// <summary>A new record of this kind, or one that is there when its name is taken.</summary>
    private async Task<JsonNode> AnyId() =>
        ((await Create()) is { Status: HttpStatusCode.Created } created ? created.Json! : (await Read(path)).Json!["items"]![0]!)["id"]!.DeepClone();

    public async Task<Answer> Create(JsonNode? body = null, string? key = null) =>
        await Of("POST", path).Send(Client, path, (body ?? await ExampleBody()).ToJsonString(), key: key);

    public Task<Answer> Read(string address) => Operation.Send(Client, "GET", address);

    public Task<Answer> Patch(string address, string body, string ifMatch) => Operation.Send(Client, "PATCH", address, body, "application/merge-patch+json", ifMatch);

    public Task<Answer> Delete(string address, string ifMatch) => Operation.Send(Client, "DELETE", address, ifMatch: ifMatch);

    /// <summary>As if it had been deleted that long ago, in whichever table it lies.</summary>
    public async Task DeletedAgo(string id, string interval)
    {
        var tables = await Database.Scalar<string[]>("""
            select array_agg(table_name::text) from information_schema.columns c where column_name = 'deleted_at' and table_schema = 'public'
            and exists (select from information_schema.columns i where i.table_name = c.table_name and i.table_schema = 'public' and i.column_name = 'id')
            """);
        foreach (var table in tables) await Database.Execute($"update {table} set deleted_at = now() - interval '{interval}' where id = $1", Guid.Parse(id));
    }

    public async Task<bool> IsListed(string id, string query = "") =>
        (await Read($"{path}?{query}limit=200&sort=-createdAt")).Json!["items"]!.AsArray().Any(item => (string)item!["id"]! == id);

    public async Task<List<JsonObject>> Bulk(params JsonObject[] lines)
    {
        var answer = await Operation.Send(Client, "POST", path + "/bulk", string.Join('\n', lines.Select(l => l.ToJsonString())), "application/x-ndjson");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private JsonObject Example => Of("POST", path).Example?.AsObject() ?? throw new InvalidOperationException($"POST {path} has no example: say WithExample(new {{ … }}) where it is mapped.");

    private Operation Of(string method, string address) => operations.FirstOrDefault(o => o.Method == method && (o.Path == address || o.Path == address + "/")) ?? throw new InvalidOperationException($"There is no {method} {address}.");
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>What every list of every service can do and refuses, shown by walking their OpenAPI documents.</summary>
[Collection("walk")]   // one after the other: some look at what the others would write
public sealed class ListConventions(House house)
{
    /// <summary>Lists of something that want to be told of what, such as <c>?leadId=…</c>, or whose record is made with a secret: tests of their services show them.</summary>
    private static readonly string[] OfSomething = ["/api/activities/timeline", "/api/campaigns/influence", "/api/campaigns/memberships", "/api/campaigns/{id}/members/{memberId}/history", "/api/clients/{id}/history"];

    public static TheoryData<string> Services => House.Names;

    [Theory, MemberData(nameof(Services))]
    public Task HC4_lists_have_items_next_and_a_count_that_is_asked_for(string service) => Each(service, async (operation, address, client) =>
    {
        var plain = await Operation.Send(client, "GET", address + "?limit=1");
        if (plain.Status != HttpStatusCode.OK || plain.Json?["items"] is not JsonArray) return plain.ToString();
        if (plain.Json!["count"] is not null) return "counts without being asked";
        foreach (var count in (string[])["true", "exact"])
            if ((await Operation.Send(client, "GET", $"{address}?count={count}")).Json?["count"]?.GetValue<long>() is not >= 0) return $"does not count with count={count}";
        var item = operation.ItemSchema!["properties"]!.AsObject();
        var isRecord = house[service].Operations.Any(o => o.Method == "PATCH" && o.Path == operation.Path.TrimEnd('/') + "/{id}");
        return isRecord && item.ContainsKey("id") && !item.ContainsKey("version") ? "has items without a version" : null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC4_what_a_list_does_not_know_is_400_and_named(string service) => Each(service, async (operation, address, client) =>
    {
        foreach (var query in (string[])["shoeSize=3", "sort=shoeSize", "limit=0", "limit=201", "limit=many", "count=maybe", "after=elsewhere", "format=xml", "shoeSize[gte]=3"])
        {
            var answer = await Operation.Send(client, "GET", $"{address}?{query}");
            if (RequestConventions.Problem(answer, HttpStatusCode.BadRequest, "bad-list-query") is { } wrong) return $"?{query} {wrong}";
            if (answer.Json!["errors"] is not JsonObject { Count: > 0 }) return $"?{query} says nothing per parameter";
        }
        return null;
    });

    [Theory, MemberData(nameof(Services))]
    public Task PM4_a_list_is_a_csv_file_for_who_may_export(string service) => Each(service, async (operation, address, client) =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/csv");
        using var answer = await client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (answer.Content.Headers.ContentType?.MediaType != "text/csv") return $"does not answer Accept: text/csv ({(int)answer.StatusCode})";
        if (answer.Content.Headers.ContentDisposition?.DispositionType != "attachment") return "is no attachment";
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return "has no byte order mark";
        // Custom fields are one member of a record and a column each: as many as administrators have defined.
        var header = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split("\r\n")[0].Split(',').Where(c => !c.StartsWith("custom.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var members = operation.ItemSchema!["properties"]!.AsObject().Select(p => p.Key).Where(member => member != "custom").Order(StringComparer.Ordinal);
        if (!header.SequenceEqual(members)) return $"has the columns {string.Join(',', header)}, not {string.Join(',', members)}";

        var reader = LeadCrm.Testing.TestUser.With([.. operation.Permissions]);
        using var other = house[service].As(reader);
        return RequestConventions.Problem(await Operation.Send(other, "GET", address + "?format=csv"), HttpStatusCode.Forbidden, "forbidden");
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC4_reading_a_list_changes_nothing(string service) => Each(service, async (operation, address, client) =>
    {
        var before = await house[service].Database.Scalar<long>("select count(*) from platform.outbox");
        await Operation.Send(client, "GET", address);
        return await house[service].Database.Scalar<long>("select count(*) from platform.outbox") > before ? "writes to the outbox" : null;
    });

    private async Task Each(string service, Func<Operation, string, HttpClient, Task<string?>> look)
    {
        var wrong = new StringBuilder();
        foreach (var operation in house[service].Operations.Where(o => o.IsList && !OfSomething.Contains(o.Path, StringComparer.Ordinal)))
        {
            var record = operation.HasPathParameter ? await SomeRecord.Of(house, service, operation.Path) : null;
            if (operation.HasPathParameter && record is null) wrong.AppendLine($"{operation} there is no record to try it on");
            else if (await look(operation, operation.Path.Replace("{id}", (string?)record?["id"], StringComparison.Ordinal), house[service].Allowed) is { } what) wrong.AppendLine($"{operation} {what}");
        }
        wrong.ToString().ShouldBeEmpty();
    }
}

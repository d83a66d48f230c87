using System.Net;
using System.Text.Json.Nodes;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>A record that an address is about: one that is made, or the first of those that are there from the start.</summary>
internal static class SomeRecord
{
    /// <summary>The record behind <c>/api/leads/{id}/…</c>, or the only one behind an address without a place for an id; null when there is none.</summary>
    public static async Task<JsonObject?> Of(House house, string service, string path)
    {
        var client = house[service].Allowed;
        if (!path.Contains('{', StringComparison.Ordinal)) return (await Operation.Send(client, "GET", path)).Json?.AsObject();
        var collection = path[..path.IndexOf("/{", StringComparison.Ordinal)];
        if (Kind.Of(house, service).FirstOrDefault(kind => kind.Path == collection) is { } kind) return (await kind.Create()).Json!.AsObject();
        var list = (await Operation.Send(client, "GET", collection)).Json;
        return (list as JsonArray ?? list?["items"] as JsonArray)?.FirstOrDefault()?.AsObject() ?? await Made(house, service, collection);
    }

    /// <summary>A record from the example of a POST, or a file of a few bytes; null where there is neither.</summary>
    private static async Task<JsonObject?> Made(House house, string service, string collection)
    {
        if (house[service].Operations.FirstOrDefault(o => o.Method == "POST" && o.Path.TrimEnd('/') == collection) is not { } post) return null;
        var kind = new Kind(house, service, collection);
        var answer = post.Example is not null ? await kind.Create(Renamed(await kind.ExampleBody()))
            : post.Body?.ContainsKey("application/octet-stream") == true ? await post.Send(house[service].Allowed, collection + "?name=walk.txt", "A walk", "application/octet-stream") : null;
        return answer is { Status: HttpStatusCode.Created or HttpStatusCode.Accepted } ? answer.Json!.AsObject() : null;   // 202: what works on in the background
    }

    /// <summary>Some names are there once only.</summary>
    private static JsonNode Renamed(JsonNode body)
    {
        if (body["name"] is JsonValue name) body["name"] = $"{name} {Guid.NewGuid():N}";
        return body;
    }
}

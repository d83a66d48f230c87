using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>An answer with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, JsonNode? Body, string? ETag, Uri? Location, string Text)
{
    public string Id => Body!["id"]!.GetValue<string>();

    public string? this[string name] => Body?[name]?.ToString();

    /// <summary>The messages of one field of a 422.</summary>
    public string Errors(string field) => string.Join(' ', Body?["errors"]?[field]?.AsArray().Select(m => m!.ToString()) ?? []);

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    public Answer ShouldBe(HttpStatusCode status, string problem)
    {
        ShouldBe(status);
        this["type"].ShouldBe("urn:leadcrm:" + problem);
        return this;
    }
}

/// <summary>Speaks to the service as any client would.</summary>
public static class Http
{
    public static Task<Answer> Get(this HttpClient client, string path) => client.Send(HttpMethod.Get, path);

    public static Task<Answer> Post(this HttpClient client, string path, object? body = null, string? ifMatch = null, string? key = null) =>
        client.Send(HttpMethod.Post, path, JsonContent.Create(body ?? new { }), ifMatch, key);

    public static Task<Answer> Put(this HttpClient client, string path, object body, string? ifMatch = null) => client.Send(HttpMethod.Put, path, JsonContent.Create(body), ifMatch);

    public static Task<Answer> Patch(this HttpClient client, string path, object body, string? ifMatch) => client.Send(HttpMethod.Patch, path, JsonContent.Create(body, new MediaTypeHeaderValue("application/merge-patch+json")), ifMatch);

    public static Task<Answer> Delete(this HttpClient client, string path, string? ifMatch) => client.Send(HttpMethod.Delete, path, null, ifMatch);

    /// <summary>Creates a lead and reads it.</summary>
    public static async Task<Answer> CreateLead(this HttpClient client, object? lead = null) =>
        (await client.Post("/api/leads", lead ?? new { lastName = "Byron", company = "Analytical Engines" })).ShouldBe(HttpStatusCode.Created);

    public static async Task<Answer> Send(this HttpClient client, HttpMethod method, string path, HttpContent? content = null, string? ifMatch = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (ifMatch is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue(ifMatch));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        // Not application/x-ndjson: that is one value a line.
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, response.Headers.ETag?.Tag, response.Headers.Location, text);
    }
}

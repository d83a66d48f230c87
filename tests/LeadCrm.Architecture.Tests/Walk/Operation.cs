using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>An answer, read.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, string Text, string? ETag, Uri? Location)
{
    public JsonNode? Json => ContentType?.EndsWith("json", StringComparison.Ordinal) == true && Text.Length > 0 ? JsonNode.Parse(Text) : null;

    public string? ProblemType => (string?)Json?["type"];

    public override string ToString() => $"{(int)Status} {Text[..Math.Min(Text.Length, 400)]}";
}

/// <summary>One operation of a service's OpenAPI document.</summary>
internal sealed class Operation(WalkedService service, string path, string method, JsonObject description)
{
    public string Path => path;

    public string Method => method;

    public JsonObject Description => description;

    public IReadOnlyList<string> Permissions { get; } = [.. description["x-permissions"]?.AsArray().Select(p => (string)p!) ?? []];

    public bool IsPublic => Permissions.Contains("public");

    public bool HasPathParameter => path.Contains('{', StringComparison.Ordinal);

    public bool IsList => description["responses"]?["200"]?["content"]?["text/csv"] is not null && description["parameters"]?.AsArray().Any(p => (string?)p!["name"] == "after") == true;

    public JsonObject? Body => description["requestBody"]?["content"]?.AsObject();

    /// <summary>The content type of a JSON body, if it takes one.</summary>
    public string? JsonType => Body?.Select(c => c.Key).FirstOrDefault(type => type is "application/json" or "application/merge-patch+json");

    public JsonNode? Example => JsonType is { } type ? Body![type]!["example"] : null;

    public bool TakesIfMatch => Parameter("If-Match") is not null;

    /// <summary>Whether it does not go without.</summary>
    public bool NeedsIfMatch => (bool?)Parameter("If-Match")?["required"] == true;

    public bool TakesKey => Parameter("Idempotency-Key") is not null;

    public JsonNode? Parameter(string name) => description["parameters"]?.AsArray().FirstOrDefault(p => string.Equals((string?)p!["name"], name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The schema that a body of a JSON type must have, references followed.</summary>
    public JsonObject? Schema => JsonType is { } type ? Resolve(Body![type]!["schema"]) : null;

    /// <summary>The schema of a list's items.</summary>
    public JsonObject? ItemSchema => Resolve(Resolve(description["responses"]!["200"]!["content"]!["application/json"]!["schema"])?["properties"]?["items"]?["items"]);

    /// <summary>The address, with ids of records that are not there.</summary>
    public string SomeAddress => With(path);

    /// <summary>An address of this operation of which some places are filled already.</summary>
    public string With(string address) => System.Text.RegularExpressions.Regex.Replace(address, "{(?<name>[^}]+)}", place =>
        Parameter(place.Groups["name"].Value)?["schema"]?["format"] is JsonValue format && (string)format! == "uuid" ? Guid.NewGuid().ToString() : "1",
        System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    public override string ToString() => $"{service.ShortName}: {method} {path}";

    public Task<Answer> Send(HttpClient client, string? address = null, string? body = null, string? contentType = null, string? ifMatch = null, string? key = null) =>
        Send(client, method, address ?? SomeAddress, body, contentType ?? JsonType, ifMatch, key);

    public static async Task<Answer> Send(HttpClient client, string method, string address, string? body = null, string? contentType = "application/json", string? ifMatch = null, string? key = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return new Answer(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(), answer.Headers.ETag?.Tag, answer.Headers.Location);
    }

    /// <summary>A body with the members that must be there, for what is refused before their values matter.</summary>
    public JsonNode SmallestBody() => Smallest(Schema) ?? new JsonObject();

    public JsonObject? Resolve(JsonNode? schema)
    {
        if (schema is null) return null;
        if ((string?)schema["$ref"] is { } reference) return Resolve(service.Document["components"]!["schemas"]![reference.Split('/')[^1]]);
        if (schema["oneOf"] is JsonArray choices) return choices.Select(Resolve).FirstOrDefault(c => (string?)c?["type"] != "null");
        return schema.AsObject();
    }

    private JsonNode? Smallest(JsonObject? schema)
    {
        if (schema is null) return null;
        var kind = schema["type"] is JsonArray kinds ? kinds.Select(k => (string)k!).FirstOrDefault(k => k != "null") : (string?)schema["type"];
        if (schema["enum"] is JsonArray { Count: > 0 } values) return values[0]?.DeepClone();
        switch (kind)
        {
            case "object":
                var body = new JsonObject();
                foreach (var required in schema["required"]?.AsArray() ?? []) body[(string)required!] = Smallest(Resolve(schema["properties"]?[(string)required!]));
                return body;
            case "array": return new JsonArray();
            case "boolean": return false;
            case "integer" or "number": return 1;
            default:
                return (string?)schema["format"] switch { "uuid" => Guid.NewGuid().ToString(), "date" => "2027-03-31", "date-time" => "2027-03-31T12:00:00Z", _ => "text" };
        }
    }
}

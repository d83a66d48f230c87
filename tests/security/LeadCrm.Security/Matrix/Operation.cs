using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LeadCrm.Security.Matrix;

/// <summary>One operation as its service's OpenAPI document describes it, with the line that the table has for it.</summary>
public sealed partial class Operation(JsonObject document, Line line, string method, string path, JsonObject description)
{
    public Line Line => line;

    public string Method => method;

    public string Path => path;

    public string Service => line.Service;

    public JsonArray Parameters => description["parameters"]?.AsArray() ?? [];

    public bool TakesIfMatch => Parameters.Any(p => string.Equals((string?)p!["name"], "If-Match", StringComparison.OrdinalIgnoreCase));

    public bool IsList => Parameters.Any(p => (string?)p!["name"] == "after");

    public bool HasPlaces => path.Contains('{', StringComparison.Ordinal);

    /// <summary>The type of the body; JSON where there is a choice.</summary>
    public string? BodyType => Content?.Select(c => c.Key).OrderBy(type => type.Contains("json", StringComparison.Ordinal) ? 0 : type.StartsWith("multipart", StringComparison.Ordinal) ? 2 : 1).FirstOrDefault();

    public bool TakesJson => BodyType is "application/json" or "application/merge-patch+json";

    /// <summary>The schema of a JSON body.</summary>
    public JsonObject? Schema => TakesJson ? Resolve(Content![BodyType!]!["schema"]) : null;

    private JsonObject? Content => description["requestBody"]?["content"]?.AsObject();

    /// <summary>The address, places filled from what is given, else with ids that nothing has.</summary>
    public string Address(IReadOnlyDictionary<string, string>? places = null) => Place().Replace(path, place =>
    {
        var name = place.Groups["name"].Value;
        return places?.GetValueOrDefault(name) ?? (name switch { "number" => "1", "key" or "name" => "nothing-like-that", "recordType" => "lead", _ => Guid.CreateVersion7().ToString() });
    });

    /// <summary>A body with an example's members, or those that must be there.</summary>
    public string? SmallestBody() => BodyType switch
    {
        null => null,
        "application/merge-patch+json" => "{}",
        "application/json" => (Content!["application/json"]!["example"] ?? Smallest(Schema) ?? new JsonObject()).ToJsonString(),
        "application/x-ndjson" => "",
        "text/csv" => "Last Name,Company\nNobody,None\n",
        "application/x-www-form-urlencoded" => "grant_type=client_credentials",
        _ => "A file",
    };

    /// <summary>A body that is refused when it is read: for those who are let in and are not to change anything.</summary>
    public string? UnreadableBody() => BodyType switch
    {
        null => null,
        "application/json" or "application/merge-patch+json" => """{"noSuchMember":1}""",
        "application/x-ndjson" => """{"op":"nothing"}""",
        "application/x-www-form-urlencoded" => "grant_type=nothing",
        _ => "",
    };

    public override string ToString() => $"{line.Service}: {method} {path}";

    public JsonObject? Resolve(JsonNode? schema)
    {
        if (schema is null) return null;
        if ((string?)schema["$ref"] is { } reference) return Resolve(document["components"]!["schemas"]![reference.Split('/')[^1]]);
        if (schema["oneOf"] is JsonArray choices) return choices.Select(Resolve).FirstOrDefault(c => (string?)c?["type"] != "null");
        return schema.AsObject();
    }

    public JsonNode? Smallest(JsonObject? schema)
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

    [GeneratedRegex("{(?<name>[^}]+)}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Place();
}

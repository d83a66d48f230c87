using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LeadCrm.Testing;

/// <summary>What is wrong with an OpenAPI 3.1 document, as far as a client generator or a reader would stumble over it.</summary>
public static partial class OpenApiFaults
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <summary>One sentence per fault; empty when there is none.</summary>
    public static IReadOnlyList<string> In(JsonNode document)
    {
        var faults = new List<string>();
        if (((string?)document["openapi"])?.StartsWith("3.1.", StringComparison.Ordinal) != true) faults.Add($"openapi is {document["openapi"]}, not 3.1");
        if ((string?)document["info"]?["title"] is not { Length: > 0 } || (string?)document["info"]?["version"] is not { Length: > 0 }) faults.Add("info lacks title or version");
        faults.AddRange(References(document).Distinct(StringComparer.Ordinal).Where(reference => Target(document, reference) is null).Select(reference => $"{reference} leads nowhere"));

        var paths = document["paths"] as JsonObject ?? [];
        var operations = paths.SelectMany(path => (path.Value as JsonObject ?? []).Where(member => Methods.Contains(member.Key)).Select(member => (Path: path.Key, Name: $"{member.Key} {path.Key}", Operation: member.Value!))).ToList();
        faults.AddRange(operations.GroupBy(o => (string?)o.Operation["operationId"], StringComparer.Ordinal).Where(same => same.Key is null || same.Count() > 1)
            .Select(same => $"operationId {same.Key ?? "(none)"}: {string.Join(", ", same.Select(o => o.Name))}"));

        var declaredTags = (document["tags"] as JsonArray ?? []).Select(tag => (string)tag!["name"]!).ToList();
        faults.AddRange(declaredTags.GroupBy(tag => tag, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"the tag {same.Key} is declared twice"));
        foreach (var (path, name, operation) in operations)
        {
            faults.AddRange((operation["tags"] as JsonArray ?? []).Select(tag => (string)tag!).Where(tag => !declaredTags.Contains(tag, StringComparer.Ordinal)).Select(tag => $"{name}: the tag {tag} is not declared"));
            if (operation["responses"] is not JsonObject { Count: > 0 }) faults.Add($"{name}: no response");
            faults.AddRange((operation["security"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(requirement => requirement.Select(scheme => scheme.Key))
                .Where(scheme => document["components"]?["securitySchemes"]?[scheme] is null).Select(scheme => $"{name}: the security scheme {scheme} is not declared"));
            var parameters = ((operation["parameters"] as JsonArray) ?? []).Concat(document["paths"]![path]!["parameters"] as JsonArray ?? [])
                .Select(parameter => (string?)parameter?["$ref"] is { } reference ? Target(document, reference) : parameter).Where(parameter => (string?)parameter?["in"] == "path").Select(parameter => (string)parameter!["name"]!).ToList();
            faults.AddRange(PathParameter().Matches(path).Select(match => match.Groups["name"].Value).Where(parameter => !parameters.Contains(parameter, StringComparer.Ordinal)).Select(parameter => $"{name}: the parameter {parameter} is not described"));
        }

        foreach (var (kind, members) in document["components"] as JsonObject ?? [])
            faults.AddRange((members as JsonObject ?? []).Select(member => member.Key).Where(name => !ComponentName().IsMatch(name)).Select(name => $"the name components/{kind}/{name} has characters that are not allowed"));
        return faults;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(References),
        JsonObject members => members.SelectMany(member => member is { Key: "$ref", Value: JsonValue reference } ? [reference.GetValue<string>()] : References(member.Value)),
        _ => [],
    };

    private static JsonNode? Target(JsonNode document, string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        JsonNode? at = document;
        foreach (var step in reference[2..].Split('/').Select(step => Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
            at = at is JsonArray array ? int.TryParse(step, out var index) && index < array.Count ? array[index] : null : (at as JsonObject)?[step];
        return at;
    }

    [GeneratedRegex(@"\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ComponentName();
}

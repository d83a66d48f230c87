using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Gateway.Proxy;

namespace LeadCrm.Gateway.OpenApi;

/// <summary>One service's share of the merged document.</summary>
/// <param name="Name">Short name; stands before the names of its components.</param>
/// <param name="Title">Name as shown; stands before its tags.</param>
/// <param name="Document">Its document; null when it never could be had.</param>
/// <param name="IsCurrent">Whether the service says so now; else it is the last that it said.</param>
internal sealed record OpenApiPart(string Name, string Title, JsonObject? Document, bool IsCurrent);

/// <summary>
/// Makes one OpenAPI 3.1 document of many. Every name depends on its own service alone, never on which others are there: a client that was
/// generated yesterday still fits when one of them is down today.
/// </summary>
internal static class OpenApiMerge
{
    private const string Problem = "Problem";   // every service's errors are the same
    private const string TooManyRequests = "TooManyRequests";
    private const string ComponentsPrefix = "#/components/";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public static JsonObject Merge(IReadOnlyList<OpenApiPart> parts)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var components = new SortedDictionary<string, SortedDictionary<string, JsonNode>>(StringComparer.Ordinal) { ["schemas"] = new(StringComparer.Ordinal), ["responses"] = new(StringComparer.Ordinal) };
        var tags = new List<(string Group, string Name, string? Description)>();
        var operationIds = new HashSet<string>(StringComparer.Ordinal);

        foreach (var part in parts)
        {
            if (part.Document?.DeepClone() is not JsonObject document) continue;
            Rewrite(document, part);
            AddComponents(components, document["components"] as JsonObject, part);
            var used = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var (path, item) in (document["paths"] as JsonObject ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).ToList())
            {
                var isRouted = path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith(PublicForms.Path + "/", StringComparison.Ordinal);
                if (!isRouted || item is not JsonObject operations) continue;
                foreach (var method in Methods)
                    if (operations[method] is JsonObject operation) Complete(operation, method, path, part, operationIds, used);
                if (paths.TryGetValue(path, out var there)) Join(there, operations);
                else paths[path] = operations.DeepClone().AsObject();
            }
            var descriptions = (document["tags"] as JsonArray ?? []).OfType<JsonObject>().DistinctBy(tag => (string)tag["name"]!, StringComparer.Ordinal).ToDictionary(tag => TagName((string)tag["name"]!, part), tag => (string?)tag["description"], StringComparer.Ordinal);
            tags.AddRange(used.Select(tag => (part.Title, tag, descriptions.GetValueOrDefault(tag))));
        }

        components["responses"][TooManyRequests] = TooMany();
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "LeadCrm API", ["version"] = "v1", ["description"] = Description(parts) },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "This installation" }),
            ["tags"] = new JsonArray([.. tags.Select(tag => tag.Description is null ? new JsonObject { ["name"] = tag.Name } : new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create<string, JsonNode?>(path.Key, path.Value))),
            ["components"] = WithoutUnused(components, paths.Values),
            ["x-tagGroups"] = new JsonArray([.. tags.GroupBy(tag => tag.Group, StringComparer.Ordinal)
                .Select(group => new JsonObject { ["name"] = group.Key, ["tags"] = new JsonArray([.. group.Select(tag => (JsonNode)tag.Name)]) })]),
            ["x-services"] = new JsonArray([.. parts.Select(part => new JsonObject
            {
                ["name"] = part.Name, ["title"] = part.Title, ["state"] = part.Document is null ? "missing" : part.IsCurrent ? "current" : "kept",
            })]),
        };
        return merged;
    }

    private static string Description(IReadOnlyList<OpenApiPart> parts)
    {
        var text = new StringBuilder("Everything that can be called here, of all services. Programs send a bearer token; browsers have a session cookie and send X-CSRF-Token with every change.");
        Name("Missing now, because the service does not answer: ", parts.Where(part => part.Document is null));
        Name("As last known, because the service does not answer: ", parts.Where(part => part is { Document: not null, IsCurrent: false }));
        return text.ToString();

        void Name(string sentence, IEnumerable<OpenApiPart> which)
        {
            var titles = string.Join(", ", which.Select(part => part.Title));
            if (titles.Length > 0) text.Append(' ').Append(sentence).Append(titles).Append('.');
        }
    }

    /// <summary>Gives every reference to a component the component's new name.</summary>
    private static void Rewrite(JsonNode? node, OpenApiPart part)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Rewrite(item, part);
            return;
        }
        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            if (name == "$ref" && value is JsonValue reference) members[name] = Renamed(reference.GetValue<string>(), part);
            else if (name == "mapping" && value is JsonObject mapping && members.ContainsKey("propertyName"))
                foreach (var (key, target) in mapping.ToList()) mapping[key] = Renamed(target!.GetValue<string>(), part);
            else Rewrite(value, part);
        }
    }

    private static string Renamed(string reference, OpenApiPart part)
    {
        if (!reference.StartsWith(ComponentsPrefix, StringComparison.Ordinal)) return reference;
        var steps = reference.Split('/', 5);   // #, components, kind, name, the rest
        if (steps.Length < 4) return reference;
        steps[3] = ComponentName(steps[2], steps[3], part);
        return string.Join('/', steps);
    }

    private static string ComponentName(string kind, string name, OpenApiPart part) => kind == "schemas" && name == Problem ? Problem : $"{part.Name}.{name}";

    private static string TagName(string tag, OpenApiPart part) => tag == part.Title ? tag : $"{part.Title}: {tag}";

    private static void AddComponents(SortedDictionary<string, SortedDictionary<string, JsonNode>> all, JsonObject? own, OpenApiPart part)
    {
        foreach (var (kind, members) in own ?? [])
        {
            if (kind == "securitySchemes" || members is not JsonObject named) continue;
            if (!all.TryGetValue(kind, out var target)) all[kind] = target = new(StringComparer.Ordinal);
            foreach (var (name, component) in named)
                if (component is not null) target.TryAdd(ComponentName(kind, name, part), component.DeepClone());
        }
    }

    private static void Join(JsonObject there, JsonObject more)
    {
        foreach (var (name, value) in more)
            if (!there.ContainsKey(name)) there[name] = value?.DeepClone();
    }

    /// <summary>What an operation says differently here than in its service's own document.</summary>
    private static void Complete(JsonObject operation, string method, string path, OpenApiPart part, HashSet<string> operationIds, SortedSet<string> usedTags)
    {
        var tags = (operation["tags"] as JsonArray ?? []).Select(tag => TagName((string)tag!, part)).DefaultIfEmpty(part.Title).ToList();
        usedTags.UnionWith(tags);
        operation["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);

        var id = (string?)operation["operationId"] is { } given ? $"{part.Name}_{given}" : OperationId(method, path);
        var unique = id;
        for (var i = 2; !operationIds.Add(unique); i++) unique = $"{id}_{i}";
        operation["operationId"] = unique;

        if (operation["security"] is JsonArray { Count: > 0 })
        {
            var session = new JsonObject { ["session"] = new JsonArray() };
            if (method is not ("get" or "head")) session["antiForgery"] = new JsonArray();
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, session);
        }
        if (operation["responses"] is not JsonObject responses) operation["responses"] = responses = [];
        responses.TryAdd("429", new JsonObject { ["$ref"] = $"{ComponentsPrefix}responses/{TooManyRequests}" });
    }

    /// <summary><c>post /api/leads/{id}/conversions</c> becomes <c>postLeadsByIdConversions</c>.</summary>
    private static string OperationId(string method, string path)
    {
        var id = new StringBuilder(method);
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (segment.StartsWith('{')) id.Append("By");
            var atStart = true;
            foreach (var c in segment)
            {
                if (!char.IsAsciiLetterOrDigit(c)) atStart = true;
                else
                {
                    id.Append(atStart ? char.ToUpperInvariant(c) : c);
                    atStart = false;
                }
            }
        }
        return id.ToString();
    }

    private static JsonObject TooMany()
    {
        static JsonObject Header(string description) => new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };
        return new JsonObject
        {
            ["description"] = "The caller's budget is used up.",
            ["headers"] = new JsonObject
            {
                ["Retry-After"] = Header("Seconds to wait."),
                ["RateLimit-Policy"] = Header("The budget that was charged: \"reads\";q=12000;w=60."),
                ["RateLimit"] = Header("What is left of it: \"reads\";r=0;t=1."),
            },
            ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"{ComponentsPrefix}schemas/{Problem}" } } },
        };
    }

    private static JsonObject SecuritySchemes() => new()
    {
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "An access token." },
        ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = "__Host-leadcrm", ["description"] = "A browser's session, from POST /api/session. On plain HTTP on this very machine the cookie is called leadcrm-PORT." },
        ["antiForgery"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-CSRF-Token", ["description"] = "The antiForgeryToken of GET /api/session; goes with a session's changes." },
    };

    /// <summary>Leaves out what only internal doors use: follows the references from the paths.</summary>
    private static JsonObject WithoutUnused(SortedDictionary<string, SortedDictionary<string, JsonNode>> components, IEnumerable<JsonObject> paths)
    {
        var reached = new HashSet<(string Kind, string Name)>();
        var waiting = new Queue<JsonNode>(paths);
        while (waiting.TryDequeue(out var node))
        {
            foreach (var reference in References(node).Where(r => r.StartsWith(ComponentsPrefix, StringComparison.Ordinal)))
            {
                var steps = reference.Split('/', 5);
                if (steps.Length >= 4 && components.TryGetValue(steps[2], out var kind) && kind.TryGetValue(steps[3], out var target) && reached.Add((steps[2], steps[3]))) waiting.Enqueue(target);
            }
        }

        var used = new JsonObject();
        foreach (var (kind, members) in components)
            used[kind] = new JsonObject(members.Where(member => reached.Contains((kind, member.Key))).Select(member => KeyValuePair.Create<string, JsonNode?>(member.Key, member.Value)));
        used["securitySchemes"] = SecuritySchemes();
        return used;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(References),
        JsonObject members => members.SelectMany(member =>
            member is { Key: "$ref", Value: JsonValue reference } ? [reference.GetValue<string>()]
            : member is { Key: "mapping", Value: JsonObject mapping } && members.ContainsKey("propertyName") ? mapping.Select(target => target.Value!.GetValue<string>())
            : References(member.Value)),
        _ => [],
    };
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Leaks;

/// <summary>Everything that can be asked, made from the OpenAPI documents and from what the lists say of themselves.</summary>
internal static partial class Questions
{
    /// <summary>The one kind of questions by text that asks for ids.</summary>
    public const string FilterById = "list: filter by id";

    /// <summary>By text: every list with every field, operator and order, every search, every count, as a page and as a file.</summary>
    public static async Task<IReadOnlyList<Question>> ByText(Catalogue catalogue, Person asks)
    {
        var all = new List<Question>();
        foreach (var operation in catalogue.Operations.Where(o => o.Method == "GET" && !o.HasPlaces && !o.Line.IsInternal && !o.Line.IsPublic && !o.Line.IsCookie && o.Line.Permissions.All(asks.Permissions.Contains)))
        {
            void Add(string area, string query, Func<Planted, string> value, string more = "") =>
                all.Add(new Question(area, operation.Service == "gateway" ? Way.Gateway : Way.Straight, operation.Service, "GET", planted => $"{operation.Path}?{query}{Uri.EscapeDataString(value(planted))}{more}"));

            var isSearch = operation.Path.EndsWith("/search", StringComparison.Ordinal);
            if (isSearch || operation.IsList)
                foreach (var value in (Func<Planted, string>[])[p => p.Word, p => p.Lower, p => p.Beginning, p => p.Typo, p => p.Email, p => p.Digits, p => p.Website, p => $"About {p.Word}", p => p.Key])
                {
                    Add(isSearch ? "search" : "list: q", "q=", value);
                    if (!isSearch) Add("list: count", "q=", value, "&count=exact");
                }
            if (!operation.IsList)
            {
                if (!isSearch) Add("other reads", "x=", _ => "");
                continue;
            }

            var fields = await Fields(asks, operation);
            foreach (var field in fields)
            {
                foreach (var (suffix, value) in Values(field)) Add(IsIdField(field) ? FilterById : "list: filter", $"{field}{suffix}=", value);
                foreach (var sort in (string[])[field, "-" + field]) Add("list: order", $"sort={sort}&limit=200&count=exact", _ => "");
            }
            foreach (var field in fields.Where(f => f is "name" or "lastName" or "company" or "subject" or "title" or "email" or "fileName").Take(2))
            {
                Add("list: count", $"{field}[contains]=", p => p.Word, "&count=true");
                Add("list: count", $"{field}[contains]=", p => p.Word, "&count=exact");
                Add("export", $"{field}[contains]=", p => p.Word, "&format=csv");
                Add("recycle bin", $"deleted=true&{field}[contains]=", p => p.Word, "&count=exact");
                Add("recycle bin", $"deleted=true&{field}[contains]=", p => p.Word, "&format=csv");
            }
            Add("export", "format=csv&limit=", _ => "200");
            Add("export", "format=csv&q=", p => p.Word);
            Add("recycle bin", "deleted=true&q=", p => p.Word);
            foreach (var name in operation.Parameters.Select(p => (string)p!["name"]!).Where(name => name is "view" or "accountMatch"))
                foreach (var view in name == "view" ? (string[])["all", "myOpen", "current", "recycleBin"] : ["yes", "no", "any", "true", "exact"]) Add("list: filter", $"{name}={view}&limit=200&count=exact&x", _ => "");
        }
        return all;
    }

    /// <summary>By id: every address of a record, every parameter and every member of a body that takes an id.</summary>
    public static IReadOnlyList<Question> ById(Catalogue catalogue, Person asks, Records own, Cast cast)
    {
        var all = new List<Question>();
        foreach (var operation in catalogue.Operations.Where(o => !o.Line.IsInternal && !o.Line.IsPublic && !o.Line.IsCookie && o.Service is not ("gateway" or "identity") && o.Line.Permissions.All(asks.Permissions.Contains)))
        {
            var type = operation.BodyType is { } known && !known.StartsWith("multipart", StringComparison.Ordinal) ? known : "application/octet-stream";
            var ifMatch = operation.TakesIfMatch ? "\"1\"" : null;

            // The record in the address is another's.
            if (operation.Line.Record is { } kind and not ("member" or "conversion" or "undo"))
                all.Add(new Question("address", Way.Straight, operation.Service, operation.Method,
                    planted => operation.Address(Places(kind, planted)) + Bodies.Query(operation), operation.BodyType is null ? null : planted => Bodies.Of(operation, own, cast)!, type, ifMatch));
            if (operation.Line.Name is "GET /api/follows/{recordType}/{recordId}" or "DELETE /api/follows/{recordType}/{recordId}")
                foreach (var record in (string[])["lead", "account", "contact", "opportunity", "campaign"])
                    all.Add(new Question("address", Way.Straight, operation.Service, operation.Method, planted => $"/api/follows/{record}/{planted.Ids[record]}"));

            // A parameter names it.
            if (operation.Method == "GET" && !operation.HasPlaces)
                foreach (var parameter in operation.Parameters.Select(p => (string)p!["name"]!).Where(name => name.EndsWith("Id", StringComparison.Ordinal)))
                    foreach (var record in parameter == "recordId" ? (string[])["lead", "account", "contact", "opportunity", "campaign"] : [parameter[..^2]])
                        all.Add(new Question("parameter", Way.Straight, operation.Service, "GET", planted => $"{operation.Path}?{(parameter == "recordId" ? $"recordType={record}&" : "")}{parameter}={planted.Ids[record]}"));

            // A member of the body names it, on a record of one's own where there is one in the address.
            if (operation.TakesJson && operation.Method != "GET")
                foreach (var (member, build) in IdMembers(operation, own, cast, asks))
                    foreach (var record in Candidates(member))
                        all.Add(new Question("body", Way.Straight, operation.Service, operation.Method,
                            _ => operation.Address(operation.Line.Record is { } mine ? own.Places(mine) : null), planted => build(planted.Ids[record]), operation.BodyType, operation.TakesIfMatch ? "*" : null));
        }
        return all;
    }

    private static Dictionary<string, string>? Places(string kind, Planted planted) => kind switch
    {
        "follow" => new Dictionary<string, string>(StringComparer.Ordinal) { ["recordType"] = "lead", ["recordId"] = planted.Ids["lead"] },
        "opportunity" => new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = planted.Ids["opportunity"], ["contactId"] = planted.Ids["contact"] },
        _ => new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = planted.Ids[kind] },
    };

    /// <summary>Members that take an id, at the top, one level below and in arrays, each with a body in which all else is good.</summary>
    private static IEnumerable<(string Member, Func<string, string> Build)> IdMembers(Operation operation, Records own, Cast cast, Person asks)
    {
        // Nobody joins twice: a list of one's own people would be answered differently the second time.
        var good = operation.Path.EndsWith("/from-list", StringComparison.Ordinal) ? [] : JsonNode.Parse(Bodies.Of(operation, own, cast) ?? "{}")!.AsObject();
        foreach (var (name, schema) in operation.Schema?["properties"]?.AsObject() ?? [])
        {
            var resolved = operation.Resolve(schema);
            string Build(Action<JsonObject, string> set, string id)
            {
                var body = good.DeepClone().AsObject();
                if (operation.Schema!["properties"]!["actingUserId"] is not null) body["actingUserId"] = asks.UserId.ToString();
                set(body, id);
                return body.ToJsonString();
            }
            if (IsId(resolved)) yield return (name, id => Build((body, value) => body[name] = value, id));
            else if (operation.Resolve(resolved?["items"]) is { } item)
            {
                if (IsId(item)) yield return (name.TrimEnd('s'), id => Build((body, value) => body[name] = new JsonArray(value), id));
                else
                    foreach (var (inner, innerSchema) in item["properties"]?.AsObject() ?? [])
                        if (IsId(operation.Resolve(innerSchema)))
                            yield return (inner, id => Build((body, value) =>
                            {
                                var element = operation.Smallest(item)?.AsObject() ?? [];
                                element[inner] = value;
                                if (element.ContainsKey("type")) element["type"] = "lead";
                                body[name] = new JsonArray(element);
                            }, id));
            }
            else
                foreach (var (inner, innerSchema) in resolved?["properties"]?.AsObject() ?? [])
                    if (IsId(operation.Resolve(innerSchema)))
                        yield return (inner == "id" ? name + "Id" : inner, id => Build((body, value) => body[name] = new JsonObject { [inner] = value }, id));
        }
    }

    private static bool IsIdField(string field) => field.EndsWith("Id", StringComparison.Ordinal) && field != "externalId";

    private static bool IsId(JsonObject? schema) => (string?)schema?["format"] == "uuid";

    /// <summary>Whose ids a member takes: as its name says, else all.</summary>
    private static string[] Candidates(string member)
    {
        string[] kinds = ["lead", "account", "contact", "opportunity", "campaign", "activity", "file"];
        var lower = member.ToLowerInvariant();
        if (lower is "ownerid" or "actinguserid" or "queueid" or "statusid" or "processid" or "pipelineid" or "stageid" or "mappingid" or "userid" or "undoid") return [];
        if (lower.Contains("attachment", StringComparison.Ordinal)) return ["file"];
        if (lower.Contains("reportsto", StringComparison.Ordinal)) return ["contact"];
        if (lower.Contains("parent", StringComparison.Ordinal) && !lower.Contains("account", StringComparison.Ordinal)) return ["campaign"];
        return Array.Find(kinds, kind => lower.Contains(kind, StringComparison.Ordinal)) is { } named ? [named] : kinds;
    }

    private static IEnumerable<(string Suffix, Func<Planted, string> Value)> Values(string field)
    {
        var lower = field.ToLowerInvariant();
        if (IsIdField(field))
        {
            foreach (var kind in (string[])["lead", "account", "contact", "opportunity", "campaign"])
            {
                yield return ("", p => p.Ids[kind]);
                yield return ("[in]", p => p.Ids[kind]);
            }
            yield break;
        }
        Func<Planted, string>[] values = lower.Contains("mail", StringComparison.Ordinal) ? [p => p.Email, p => p.Word]
            : lower.Contains("phone", StringComparison.Ordinal) || lower.Contains("mobile", StringComparison.Ordinal) ? [p => "+4930" + p.Digits, p => p.Digits]
            : lower == "externalid" ? [p => p.Key]
            : lower.Contains("website", StringComparison.Ordinal) || lower.Contains("domain", StringComparison.Ordinal) ? [p => p.Website, p => p.Lower + ".example"]
            : [p => p.Word, p => $"{p.Word} Works", p => $"{p.Word} Holding", p => $"{p.Word} deal", p => $"{p.Word} fair"];
        foreach (var value in values)
            foreach (var suffix in (string[])["", "[in]", "[contains]", "[gte]"])
                yield return (suffix, value);
    }

    /// <summary>Lists name their fields in the answer to a filter that they do not know.</summary>
    private static async Task<string[]> Fields(Person asks, Operation operation)
    {
        var refusal = await asks.Send(Way.Straight, operation.Service, "GET", operation.Path + "?shoeSize=3");
        var names = Named().Match(refusal.Text);
        return names.Success ? names.Groups["names"].Value.Split(", ") : [];
    }

    [GeneratedRegex(@"Fields: (?<names>[^.]+)\.", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Named();
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>
/// Every field that a list of records says it has is filtered by with every operator and sorted by, up and down, over pages. The lists
/// name their fields themselves, in the answer to a filter that they do not know.
/// </summary>
[Collection("walk")]   // one after the other: some look at what the others would write
public sealed partial class FilterConventions(House house)
{
    private const int Records = 5;

    public static TheoryData<string> Services => House.Names;

    [Theory, MemberData(nameof(Services))]
    public Task HC4_every_field_finds_a_record_by_every_operator(string service) => Each(service, async (kind, mark, items) =>
    {
        var (wrong, filled) = (new StringBuilder(), 0);
        var (id, name) = ((string)items[0]!["id"]!, kind.SomeText().Field);
        foreach (var field in await Fields(kind))
        {
            var known = items[0]![field] is JsonValue value ? Written(value) : null;
            foreach (var text in known is null ? Guesses : [known])
            {
                var equal = await Get(kind, $"{name}[contains]={mark}&{field}={text}");
                if (equal.Status == HttpStatusCode.BadRequest && known is null) continue;   // of another type
                if (known is not null) filled++;
                if (!Holds(equal, id, known is null ? null : true)) wrong.Append($"\n  {field}={text}: {equal}");
                foreach (var (@operator, holds) in Operators)
                {
                    var answer = await Get(kind, $"{name}[contains]={mark}&{field}[{@operator}]={text}");
                    // Not every type has an order, and only texts contain something: that is said, by name.
                    if (RequestConventions.Problem(answer, HttpStatusCode.BadRequest, "bad-list-query") is null && @operator != "in") continue;
                    if (!Holds(answer, id, known is null ? null : holds)) wrong.Append($"\n  {field}[{@operator}]={text}: {answer}");
                }
                break;
            }
        }
        if (filled < 3) wrong.Append($"\n  only {filled} fields of the example were tried with a value");
        return wrong.Length == 0 ? null : wrong.ToString();
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC4_pages_in_every_order_follow_each_other_without_gap_or_repetition(string service) => Each(service, async (kind, mark, _) =>
    {
        var (wrong, sorted) = (new StringBuilder(), 0);
        var name = kind.SomeText().Field;
        foreach (var sort in (await Fields(kind)).SelectMany(field => (string[])[field, "-" + field]))
        {
            var whole = await Get(kind, $"{name}[contains]={mark}&sort={sort}");
            if (RequestConventions.Problem(whole, HttpStatusCode.BadRequest, "bad-list-query") is null) continue;   // a list may leave out an order, and says so
            sorted++;
            var (ids, after) = (new List<string>(), (string?)null);
            do
            {
                var page = await Get(kind, $"{name}[contains]={mark}&sort={sort}&limit=2{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
                if (page.Status != HttpStatusCode.OK) { wrong.Append($"\n  sort={sort}: {page}"); break; }
                ids.AddRange(Ids(page));
                after = (string?)page.Json!["next"];
            }
            while (after is not null && ids.Count <= Records);
            if (!ids.SequenceEqual(Ids(whole)) || ids.Distinct().Count() != Records) wrong.Append($"\n  sort={sort} gives {ids.Count} in pages of two, {whole}");
        }
        if (sorted < 6) wrong.Append($"\n  is sorted by {sorted / 2} fields only");
        return wrong.Length == 0 ? null : wrong.ToString();
    });

    [Theory, MemberData(nameof(Services))]
    public Task HC4_a_list_is_searched_by_words_with_a_typing_error_too(string service) => Each(service, async (kind, mark, items) =>
    {
        if (kind.Path == "/api/capture/forms") return null;   // a setting: there are few, and their list says that it has no words
        foreach (var word in (string[])[mark, mark.ToUpperInvariant(), mark.Remove(5, 1)])
            if (Ids(await Get(kind, $"q={word}&count=true")).Intersect(items.Select(i => (string)i!["id"]!)).Count() != Records) return $"?q={word} does not find what is called so";
        return null;
    });

    private static readonly (string Operator, bool Holds)[] Operators = [("gte", true), ("lte", true), ("gt", false), ("lt", false), ("in", true), ("contains", true)];

    private static readonly string[] Guesses = ["true", "1", "0198a000-0000-7000-8000-000000000002", "2027-03-31", "2027-03-31T12:00:00Z", "text"];

    private static string Written(JsonValue value) => Uri.EscapeDataString(value.ToString() is "True" or "False" ? value.ToString().ToLowerInvariant() : value.ToString());

    /// <summary>Whether an answer is a list that holds the record, or does not, or either when nobody knows.</summary>
    private static bool Holds(Answer answer, string id, bool? expected) => answer.Status == HttpStatusCode.OK && (expected is null || Ids(answer).Contains(id) == expected);

    private static IEnumerable<string> Ids(Answer answer) => answer.Json?["items"]?.AsArray().Select(item => (string)item!["id"]!) ?? [];

    private static Task<Answer> Get(Kind kind, string query) => kind.Read($"{kind.Path}?{query}");

    private static async Task<string[]> Fields(Kind kind)
    {
        var refusal = await Get(kind, "shoeSize=3");
        var names = Named().Match((string?)refusal.Json?["detail"] ?? "");
        names.Success.ShouldBeTrue($"{kind.Path}?shoeSize=3 does not say which fields there are: {refusal}");
        return names.Groups["names"].Value.Split(", ");
    }

    [GeneratedRegex(@"Fields: (?<names>[^.]+)\.", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Named();

    /// <summary>Empties what may be empty.</summary>
    private static async Task Empty(Kind kind, Answer record, IEnumerable<string> members)
    {
        var version = record.ETag!;
        foreach (var member in members.Where(kind.PatchFields.Contains))
            if (await kind.Patch($"{kind.Path}/{record.Json!["id"]}", new JsonObject { [member] = null }.ToJsonString(), version) is { Status: HttpStatusCode.OK } emptied) version = emptied.ETag!;
    }

    /// <summary>Runs for every kind with a list, on records of which half leave out what they may: no value has its place in an order, too.</summary>
    private async Task Each(string service, Func<Kind, string, JsonArray, Task<string?>> look)
    {
        var wrong = new StringBuilder();
        foreach (var kind in Kind.Of(house, service))
        {
            var (field, mark) = (kind.SomeText().Field, "Walked" + string.Concat(Guid.NewGuid().ToString("N")[..10].Select(c => (char)('a' + (c % 16)))));
            for (var i = 0; i < Records; i++)
            {
                var body = (await kind.ExampleBody()).AsObject();
                body[field] = $"{mark} {i / 2}";   // some are called alike: then the id decides
                var created = await kind.Create(body);
                if (i % 2 == 1) await Empty(kind, created, body.Select(member => member.Key).Where(member => member != field));
            }
            var items = (await Get(kind, $"{field}[contains]={mark}&sort=createdAt")).Json?["items"]?.AsArray();
            if (items?.Count != Records) wrong.AppendLine($"{kind.Path}: {field}[contains]={mark} finds {items?.Count} of {Records}");
            else if (await look(kind, mark, items) is { } what) wrong.AppendLine($"{kind.Path}: {what}");
        }
        wrong.ToString().ShouldBeEmpty();
    }
}

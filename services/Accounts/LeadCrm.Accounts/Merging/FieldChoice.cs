using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Accounts.Merging;

/// <summary>A record that takes part in a merge, its fields as the API writes them; custom ones as <c>custom.key</c>.</summary>
internal sealed record MergeRecord(Guid Id, IReadOnlyDictionary<string, JsonElement> Fields)
{
    public static MergeRecord Of<TInput>(Guid id, TInput input)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in JsonSerializer.SerializeToElement(input, Json.Options).EnumerateObject())
        {
            if (member.Name != "custom") fields[member.Name] = member.Value;
            else if (member.Value.ValueKind == JsonValueKind.Object)
                foreach (var value in member.Value.EnumerateObject()) fields[CustomNames.Prefix + value.Name] = value.Value;
        }
        return new(id, fields);
    }

    /// <summary>The fields as what people write of such a record.</summary>
    public static TInput ToInput<TInput>(IReadOnlyDictionary<string, JsonElement> fields)
    {
        var custom = new JsonObject();
        var input = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (CustomNames.KeyOf(name) is { } key) custom[key] = JsonNode.Parse(value.GetRawText());
            else input[name] = JsonNode.Parse(value.GetRawText());
        }
        input["custom"] = custom;
        return input.Deserialize<TInput>(Json.Options)!;
    }

    public JsonElement? Value(string field) => Fields.TryGetValue(field, out var value) && !IsEmpty(value) ? value : null;

    /// <summary>Whether two values say the same: an empty one is like none.</summary>
    public static bool Same(JsonElement? left, JsonElement? right) =>
        (left is null || IsEmpty(left.Value)) ? right is null || IsEmpty(right.Value) : right is { } other && !IsEmpty(other) && JsonElement.DeepEquals(left.Value, other);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}

/// <summary>
/// Which record's value each field of the survivor has (AC4): the one that was chosen; where nothing is chosen the survivor's own, or where that
/// is empty the first that there is.
/// </summary>
internal sealed class FieldChoice(IReadOnlyList<MergeRecord> records, IReadOnlyCollection<string> computed)
{
    /// <summary>Fields that only make sense together.</summary>
    private static readonly Dictionary<string, string> Companions = new(StringComparer.Ordinal) { ["annualRevenue"] = "revenueCurrency" };

    /// <summary>A "yes" of any record wins: no merge loosens one (C10).</summary>
    private static readonly string[] YesWins = ["doNotCall", "emailOptOut"];

    /// <summary>The survivor's fields, and which of them are another record's; what cannot be chosen is noted under <c>fields.name</c>.</summary>
    /// <param name="chosen">By field, the record whose value it is to have.</param>
    /// <param name="known">Every field that such a record can have.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public (Dictionary<string, JsonElement> Fields, Dictionary<string, Guid> From) Make(
        IReadOnlyDictionary<string, Guid> chosen, IReadOnlySet<string> known, FieldErrors errors)
    {
        foreach (var (field, id) in chosen)
        {
            if (!known.Contains(field) || computed.Contains(field) || Companions.ContainsValue(field)) errors.Add($"fields.{field}", "This is no field that a record can be chosen for.");
            else if (records.All(record => record.Id != id)) errors.Add($"fields.{field}", "Name one of the records that are merged.");
        }

        var survivor = records[0];
        var (fields, from) = (new Dictionary<string, JsonElement>(survivor.Fields, StringComparer.Ordinal), new Dictionary<string, Guid>(StringComparer.Ordinal));
        foreach (var field in records.SelectMany(record => record.Fields.Keys).Distinct(StringComparer.Ordinal).ToList())
        {
            if (computed.Contains(field) || Companions.ContainsValue(field)) continue;
            if (YesWins.Contains(field))
            {
                if (records.FirstOrDefault(record => record.Fields[field].ValueKind == JsonValueKind.True) is not { } yes) continue;
                if (chosen.TryGetValue(field, out var wanted) && records.Any(record => record.Id == wanted && record.Fields[field].ValueKind == JsonValueKind.False))
                    errors.Add($"fields.{field}", "One of the records says yes, and a merge never loosens that.");
                Take(yes, field);
            }
            else if (chosen.TryGetValue(field, out var id)) Take(records.FirstOrDefault(record => record.Id == id) ?? survivor, field);
            else if (survivor.Value(field) is null && records.FirstOrDefault(record => record.Value(field) is not null) is { } first) Take(first, field);
        }
        return (fields, from);

        void Take(MergeRecord record, string field)
        {
            if (record == survivor) return;
            Put(record, field);
            if (Companions.TryGetValue(field, out var companion)) Put(record, companion);
        }

        void Put(MergeRecord record, string field)
        {
            if (record.Fields.TryGetValue(field, out var value)) fields[field] = value;
            else fields.Remove(field);
            from[field] = record.Id;
        }
    }
}

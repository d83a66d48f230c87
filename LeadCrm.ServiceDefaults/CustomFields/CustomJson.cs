using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>The values of a record's custom fields, between the text of its column and values by key.</summary>
public static class CustomJson
{
    private static readonly Dictionary<string, JsonElement> None = [];

    /// <summary>The values by key.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Read(string? stored) => stored is null ? None : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(stored)!;

    /// <summary>The column's text; null when there is no value.</summary>
    public static string? Write(IReadOnlyDictionary<string, JsonElement>? values) => values is null || values.Count == 0 ? null : JsonSerializer.Serialize(values, Json.Options);

    /// <summary>Whether a column already says the same.</summary>
    public static bool Holds(string? stored, IReadOnlyDictionary<string, JsonElement>? values)
    {
        if (stored is null || values is null || values.Count == 0) return stored is null && (values is null || values.Count == 0);
        var now = Read(stored);
        return now.Count == values.Count && now.All(value => values.TryGetValue(value.Key, out var other) && JsonElement.DeepEquals(value.Value, other));
    }

    /// <summary>Each value as text, as files and events carry it: a list with semicolons, an amount with its currency, a place with a comma.</summary>
    public static IReadOnlyDictionary<string, string>? Texts(string? stored) => stored is null ? null : Read(stored).ToDictionary(value => value.Key, value => Text(value.Value));

    /// <summary>A value as text.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(Text)),
        JsonValueKind.Object when value.TryGetProperty("amount", out var amount) && value.TryGetProperty("currency", out var currency) => $"{amount.GetRawText()} {currency.GetString()}",
        JsonValueKind.Object when value.TryGetProperty("lat", out var lat) && value.TryGetProperty("lng", out var lng) => $"{lat.GetRawText()},{lng.GetRawText()}",
        _ => value.GetRawText(),
    };

    /// <summary>The column's text with one value, as JSON, put in its place; null takes it away.</summary>
    public static string? With(string? stored, string key, string? json)
    {
        var values = new Dictionary<string, JsonElement>(Read(stored));
        if (json is null) values.Remove(key);
        else values[key] = JsonElement.Parse(json);
        return Write(values);
    }

    /// <summary>One value as JSON without blanks, however the database writes it; null when there is none.</summary>
    public static string? Get(string? stored, string key) => stored is not null && Read(stored).TryGetValue(key, out var value) ? JsonSerializer.Serialize(value) : null;
}

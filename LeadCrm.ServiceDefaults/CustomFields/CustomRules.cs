using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// What the values of a record must be, decided by the definitions alone: the same for the API, for bulk lines, imports and conversions.
/// What needs the database (look-ups, numbers) is added by <see cref="CustomValues"/>.
/// </summary>
public static class CustomRules
{
    /// <summary>The values of a new record as they are stored: normalised, defaults filled in, required ones demanded.</summary>
    public static Dictionary<string, JsonElement> ForNew(
        CustomFieldSet fields, IReadOnlyDictionary<string, JsonElement>? typed, string organisationCurrency, FieldErrors errors)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var (key, value) in typed ?? CustomJson.Read(null))
        {
            if (fields.Find(key) is not { } field) Unknown(fields, key, errors);
            else if (value.ValueKind != JsonValueKind.Null && Normalised(field, value, organisationCurrency, errors) is { } normalised) values[key] = normalised;
        }
        foreach (var field in fields.Active)
            if (field.DefaultValue is { } preset && typed?.ContainsKey(field.Key) != true) values[field.Key] = JsonElement.Parse(preset);
        Demand(fields, values, errors);
        return values;
    }

    /// <summary>
    /// The values after an edit. Only what is different from before is looked at: a value that was fine when it was written stays. What
    /// nobody may write, numbers given by the system and values of deleted fields, stays too.
    /// </summary>
    public static Dictionary<string, JsonElement> ForEdit(
        CustomFieldSet fields, IReadOnlyDictionary<string, JsonElement>? asked, IReadOnlyDictionary<string, JsonElement> before, string organisationCurrency, bool demandRequired, FieldErrors errors)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var (key, value) in asked ?? CustomJson.Read(null))
        {
            if (before.TryGetValue(key, out var old) && JsonElement.DeepEquals(old, value)) values[key] = old;
            else if (fields.Find(key) is not { } field) Unknown(fields, key, errors);
            else if (value.ValueKind == JsonValueKind.Null && CustomType.Of(field.Type).IsWritable) continue;
            else if (Normalised(field, value, organisationCurrency, errors) is { } normalised) values[key] = normalised;
        }
        foreach (var (key, old) in before)
            if (fields.Find(key) is not { } field || !CustomType.Of(field.Type).IsWritable) values.TryAdd(key, old);
        if (demandRequired) Demand(fields, values, errors);
        return values;
    }

    /// <summary>Values that come as text, by key, as the API would take them; what cannot be read is noted.</summary>
    public static Dictionary<string, JsonElement>? FromTexts(CustomFieldSet fields, IReadOnlyDictionary<string, string>? texts, FieldErrors errors)
    {
        if (texts is null || texts.Count == 0) return null;
        var values = new Dictionary<string, JsonElement>();
        foreach (var (key, text) in texts)
        {
            if (fields.Find(key) is not { } field) Unknown(fields, key, errors);
            else if (!string.IsNullOrWhiteSpace(text) && CustomType.Of(field.Type).FromText(text, message => errors.Add(field.Name, message)) is { } value) values[key] = value;
        }
        return values;
    }

    /// <summary>Whether a key is not among the fields in use.</summary>
    internal static bool HasUnknown(CustomFieldSet fields, IReadOnlyDictionary<string, JsonElement>? typed) => typed?.Keys.Any(key => fields.Find(key) is null) == true;

    private static JsonElement? Normalised(CustomField field, JsonElement value, string organisationCurrency, FieldErrors errors) =>
        CustomType.Of(field.Type).Normalise(value, field, organisationCurrency, message => errors.Add(field.Name, message));

    private static void Demand(CustomFieldSet fields, Dictionary<string, JsonElement> values, FieldErrors errors)
    {
        foreach (var field in fields.Active)
            if (field.IsRequired && !values.ContainsKey(field.Key) && !errors.Has(field.Name)) errors.Add(field.Name, $"“{field.Label}” is required.");
    }

    private static void Unknown(CustomFieldSet fields, string key, FieldErrors errors) =>
        errors.Add(CustomNames.Prefix + key, fields.Active.Count == 0
            ? $"There is no custom field “{Short(key)}”: there are none on this kind of record."
            : $"There is no custom field “{Short(key)}”. Fields: {string.Join(", ", fields.Active.Take(50).Select(f => f.Key))}.");

    private static string Short(string key) => key.Length <= 60 ? key : key[..60] + "…";
}

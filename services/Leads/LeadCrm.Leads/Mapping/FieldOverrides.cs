using System.Globalization;
using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// Values that a request gives fields by name. They beat the mapping and are checked by the records' services like every value (C6, C39); of an
/// existing record they fill what is empty, as the mapping would (C10).
/// </summary>
internal static class FieldOverrides
{
    /// <summary>The values with the overrides on top; what cannot be understood is noted under <c>fieldOverrides.record.field</c>.</summary>
    public static MappedValues Apply(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>>? overrides, MappedValues values, MappingTable table, Lead lead,
        IReadOnlyCollection<string> records, Dictionary<string, string> sources, FieldErrors errors)
    {
        foreach (var (record, fields) in overrides ?? new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>())
        {
            if (!records.Contains(record))
            {
                errors.Add($"fieldOverrides.{record}", TargetFields.Records.Contains(record)
                    ? "The conversion brings no opportunity that could take these values."
                    : $"There is no such record: these are {string.Join(", ", TargetFields.Records)}.");
                continue;
            }
            if (fields is null)
            {
                errors.Add($"fieldOverrides.{record}", "Write an object with the record's fields.");
                continue;
            }
            // The amount before its currency: a mapped amount would be converted to that currency, one that is given here is in it.
            foreach (var (name, given) in fields.OrderBy(field => field.Key == "amount" ? 0 : 1))
            {
                var at = $"fieldOverrides.{record}.{name}";
                if (table.Target(record, name) is not { } target)
                {
                    errors.Add(at, $"There is no field “{name}” of the {record} that a conversion gives a value.");
                    continue;
                }
                var (value, problem) = Parse(target.Shape, given);
                if (problem is null && Loosens(target, value, lead)) problem = "The lead says yes, and a conversion never loosens that. Change the lead first if it is wrong.";
                if (problem is not null)
                {
                    errors.Add(at, problem);
                    continue;
                }
                values = Write(target, values, value);
                sources[$"{record}.{name}"] = Provenance.Override;
                foreach (var set in target.Sets) sources[$"{record}.{set}"] = Provenance.Override;
            }
        }
        return values;
    }

    private const string AsPlace = "Write an object with lat and lng, in degrees.";

    internal const string TooLarge = "The number is too large for this field.";

    /// <summary>
    /// The opportunity's money is two fields: an amount that is given here is meant as it stands, in the currency that the request wants; a currency
    /// that is given here is the one that a mapped amount is wanted in (C13).
    /// </summary>
    private static MappedValues Write(TargetField target, MappedValues values, object? value) => (target.Record, target.Name) switch
    {
        (TargetFields.Opportunity, "amount") => target.Write(
            values with { Opportunity = values.Opportunity with { Rates = null, Currency = values.Opportunity.WantedCurrency ?? values.Opportunity.Currency, WantedCurrency = null } }, value),
        (TargetFields.Opportunity, "currency") when values.Opportunity.Rates is not null => values with { Opportunity = values.Opportunity with { WantedCurrency = (string?)value } },
        _ => target.Write(values, value),
    };

    /// <summary>A "no" over the lead's "yes" (C10).</summary>
    private static bool Loosens(TargetField target, object? value, Lead lead) => value is not true && (target.Record, target.Name) switch
    {
        (TargetFields.Contact, "doNotCall") => lead.DoNotCall,
        (TargetFields.Contact, "emailOptOut") => lead.EmailOptOut,
        _ => false,
    };

    /// <summary>The value as its field's type says, null for a field that is to stay empty; or what is wrong with it.</summary>
    internal static (object? Value, string? Problem) Parse(FieldShape shape, JsonElement given)
    {
        if (given.ValueKind == JsonValueKind.Null) return (null, null);
        if (!IsStorable(given)) return (null, "Texts must be valid Unicode without the NUL character (U+0000).");
        var text = given.ValueKind == JsonValueKind.String ? given.GetString()!.Trim() : null;
        return shape.Type switch
        {
            FieldType.Boolean => given.ValueKind is JsonValueKind.True or JsonValueKind.False ? (given.GetBoolean(), null) : (null, "Say true or false."),
            FieldType.Number or FieldType.Percent => Number(given, shape),
            FieldType.Currency => Amount(given),
            FieldType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? (day, null) : (null, "Write a day like 2026-03-31."),
            FieldType.DateTime => text is not null && given.TryGetDateTimeOffset(out var at) ? (at.ToUniversalTime(), null) : (null, "Write an instant like 2026-03-31T12:00:00Z."),
            FieldType.Lookup => Guid.TryParse(text, out var id) ? (id, null) : (null, "Name a record by its id."),
            FieldType.Geolocation => given.ValueKind == JsonValueKind.Object && given.TryGetProperty("lat", out _) && given.TryGetProperty("lng", out _) ? Object<Place>(given, AsPlace) : (null, AsPlace),
            FieldType.Address => Object<PostalAddress>(given, "Write an object with street, city, state, postalCode and country."),
            FieldType.MultiSelect => given.ValueKind == JsonValueKind.Array && given.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
                ? (given.EnumerateArray().Select(one => one.GetString()!).ToArray(), null)
                : (null, "Write a list of texts."),
            _ => text is null ? (null, "Write a text.") : (text.Length == 0 ? null : text, null),
        };
    }

    /// <summary>Whether the database takes every text in it.</summary>
    private static bool IsStorable(JsonElement given)
    {
        try
        {
            return given.ValueKind switch
            {
                JsonValueKind.String => !given.GetString()!.Contains('\0', StringComparison.Ordinal),
                JsonValueKind.Array => given.EnumerateArray().All(IsStorable),
                JsonValueKind.Object => given.EnumerateObject().All(member => IsStorable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;   // half a surrogate pair
        }
    }

    private static (object?, string?) Number(JsonElement given, FieldShape shape)
    {
        if (given.ValueKind != JsonValueKind.Number || !given.TryGetDecimal(out var number)) return (null, "Write a number.");
        if (shape.Decimals is { } places && decimal.Round(number, places) != number) return (null, places == 0 ? "Write a whole number." : $"Takes at most {places} decimal places.");
        return Math.Abs(number) > shape.Largest ? (null, TooLarge) : (number, null);
    }

    private static (object?, string?) Amount(JsonElement given)
    {
        if (given.ValueKind == JsonValueKind.Number && given.TryGetDecimal(out var amount)) return (new Money(amount, null), null);
        return Object<Money>(given, "Write a number, or an object with amount and currency.");
    }

    private static (object?, string?) Object<T>(JsonElement given, string problem) where T : class
    {
        if (given.ValueKind != JsonValueKind.Object) return (null, problem);
        try
        {
            return (given.Deserialize<T>(Json.Options), null);
        }
        catch (JsonException)
        {
            return (null, problem);
        }
    }
}

/// <summary>How provenance names where values come from that no field of the lead gave (C24).</summary>
internal static class Provenance
{
    /// <summary>A member of the request.</summary>
    public const string Request = "request";
    /// <summary>The request's <c>fieldOverrides</c>.</summary>
    public const string Override = "override";
    /// <summary>What the record's service gives a field that nobody gives a value.</summary>
    public const string Default = "default";
}

using System.Globalization;
using System.Text.Json;
using LeadCrm.Leads.KnownFields;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Leads.Mapping;

/// <summary>A place on earth.</summary>
/// <param name="Lat">Latitude in degrees.</param>
/// <param name="Lng">Longitude in degrees.</param>
internal sealed record Place(decimal Lat, decimal Lng);

/// <summary>
/// Custom fields as sources and targets of the mapping (C11), called <c>custom.key</c>. Their values travel to the records' services as text, as files
/// have them; each service reads and checks them by its own definition.
/// </summary>
internal static class CustomMappedFields
{
    private static readonly Dictionary<string, string> NoValues = [];

    /// <summary>A lead's field as a source.</summary>
    public static SourceField Source(CustomFieldState field)
    {
        var (type, key) = (TypeOf(field.Type), field.Key);
        return new(CustomNames.Prefix + key, field.Label, Shape(type, field.MaxLength, field.Decimals, field.IsRestricted, field.LookupTarget),
            lead => lead.Custom is not null && CustomJson.Read(lead.Custom).TryGetValue(key, out var value) ? Typed(type, value) : null) { CustomId = field.FieldId };
    }

    /// <summary>A field of what a lead becomes as a target. A number that its service counts up takes no value; no line can end at it.</summary>
    public static TargetField Target(KnownCustomField field)
    {
        var (type, key) = (TypeOf(field.Type), field.Key);
        return new(field.RecordType, CustomNames.Prefix + key, field.Label, Shape(type, field.MaxLength, field.Decimals, field.IsRestricted, field.LookupTarget), (to, value) => field.RecordType switch
        {
            TargetFields.Account => to with { Account = to.Account with { Custom = With(to.Account.Custom, key, value) } },
            TargetFields.Contact => to with { Contact = to.Contact with { Custom = With(to.Contact.Custom, key, value) } },
            _ => to with { Opportunity = to.Opportunity with { Custom = With(to.Opportunity.Custom, key, value) } },
        }) { CustomId = field.Id, IsMappable = type != FieldType.AutoNumber };
    }

    /// <summary>A value as text.</summary>
    public static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        Money { Currency: null } money => Plain(money.Amount),
        Money money => $"{Plain(money.Amount)} {money.Currency}",
        Place place => $"{Plain(place.Lat)},{Plain(place.Lng)}",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        IEnumerable<string> several => string.Join(';', several),
        decimal number => Plain(number),
        Guid id => id.ToString(),
        _ => throw new InvalidOperationException($"A value of type {value.GetType().Name} has no text."),
    };

    private static FieldShape Shape(FieldType type, int? length, int? decimals, bool isRestricted, string? lookupOf) =>
        new(type) { Length = length, Decimals = decimals, IsRestricted = isRestricted, LookupOf = lookupOf };

    private static Dictionary<string, string>? With(IReadOnlyDictionary<string, string>? values, string key, object? value)
    {
        var changed = new Dictionary<string, string>(values ?? NoValues);
        if (value is null) changed.Remove(key);
        else changed[key] = Text(value);
        return changed.Count == 0 ? null : changed;
    }

    private static object Typed(FieldType type, JsonElement value) => type switch
    {
        FieldType.Boolean => value.GetBoolean(),
        FieldType.Number or FieldType.Percent => value.GetDecimal(),
        FieldType.Currency => new Money(value.GetProperty("amount").GetDecimal(), value.GetProperty("currency").GetString()),
        FieldType.Date => DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        FieldType.DateTime => value.GetDateTimeOffset(),
        FieldType.MultiSelect => value.EnumerateArray().Select(one => one.GetString()!).ToArray(),
        FieldType.Geolocation => new Place(value.GetProperty("lat").GetDecimal(), value.GetProperty("lng").GetDecimal()),
        FieldType.Lookup => value.GetGuid(),
        _ => value.GetString()!,
    };

    private static FieldType TypeOf(string type) => type switch
    {
        "checkbox" => FieldType.Boolean,
        "pickList" => FieldType.Picklist,
        _ => Enum.Parse<FieldType>(type, ignoreCase: true),
    };

    private static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}

using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>
/// How lists filter and sort by a custom field: equality by the column's one index over all values, ranges and order by the value in its
/// kind, numbers as numbers and dates as dates.
/// </summary>
internal static class CustomListField
{
    private const int MostValues = 100;

    public static ListField Of<T>(CustomField field, Expression<Func<T, string?>> column)
    {
        var type = CustomType.Of(field.Type);
        var value = CustomSql.Value(column.Body, field.Key, type.Column);
        return new ListField(field.Name, Expression.Lambda(value, column.Parameters), type.IsSortable)
        {
            Dates = field.Type switch { CustomFieldType.Date => DateForm.Day, CustomFieldType.DateTime => DateForm.Instant, _ => DateForm.None },
            Reader = text => Read(field, type, text),
            Condition = (@operator, text) => Condition(field, type, column.Body, value, @operator, text),
        };
    }

    private static Expression? Condition(CustomField field, CustomType type, Expression column, Expression value, string @operator, string text) => @operator switch
    {
        "" when text.Length == 0 => Expression.Equal(value, Expression.Constant(null, value.Type)),
        "" => Is(field, type, column, text),
        "in" when ListOfValues.Read(text, field.Name) is { Length: <= MostValues } values => values.Select(one => Is(field, type, column, one)).Aggregate(Expression.OrElse),
        "in" => throw Bad(field, $"at most {MostValues} values"),
        "contains" when type.Column == CustomColumn.Set => Is(field, type, column, text),
        "contains" when type.Column is CustomColumn.Text or CustomColumn.LongText => Filters.Contains(value, text.Replace("\0", "", StringComparison.Ordinal)),
        "contains" => throw Bad(field, "no [contains]: it is not a text"),
        "gt" or "gte" or "lt" or "lte" when !type.IsSortable => throw Bad(field, "no range: its values have no order"),
        _ => null,
    };

    private static Expression Is(CustomField field, CustomType type, Expression column, string text)
    {
        if (type.Column == CustomColumn.None) throw Bad(field, "no filter by value");
        var value = Normalised(field, type, text);
        // Who never ticked a box has not ticked it.
        if (value.ValueKind == JsonValueKind.False)
            return Expression.OrElse(Expression.Equal(column, Expression.Constant(null, typeof(string))), Expression.Not(CustomSql.Holds(column, Json(field, JsonSerializer.SerializeToElement(true)))));
        return CustomSql.Holds(column, Json(field, value));
    }

    private static string Json(CustomField field, JsonElement value) => new JsonObject
    {
        [field.Key] = field.Type == CustomFieldType.Currency ? new JsonObject { ["amount"] = JsonNode.Parse(value.GetProperty("amount").GetRawText()) } : JsonNode.Parse(value.GetRawText()),
    }.ToJsonString();

    /// <summary>A value as it is sorted by, and as cursors hold it.</summary>
    private static object? Read(CustomField field, CustomType type, string text) => type.Column switch
    {
        CustomColumn.Number => Normalised(field, type, text).GetDecimal(),
        CustomColumn.Amount => Normalised(field, type, text).GetProperty("amount").GetDecimal(),
        CustomColumn.Ordinal => Normalised(field, type, text).GetString(),
        _ => text.Contains('\0', StringComparison.Ordinal) ? throw Bad(field, "a text without NUL") : text,
    };

    /// <summary>The value in the form it is stored in, whatever limits and options the field has now.</summary>
    private static JsonElement Normalised(CustomField field, CustomType type, string text)
    {
        string? problem = null;
        if (field.Type == CustomFieldType.Lookup && text == SavedFilter.Me) text = Actor.Current.UserId.ToString();
        var typed = type.FromText(text, message => problem = message);
        if (typed is { } given && problem is null && !text.Contains('\0', StringComparison.Ordinal))
        {
            var limitless = field.As(new CustomFieldInput { Label = field.Label, Type = field.Type, Options = field.Settings.Options, Country = field.Settings.Country });
            if (type.Normalise(given, limitless, "EUR", message => problem = message) is { } value) return value;
            // A text that is no option, or no address, may still be stored: it was when its rules were others.
            if (type.Column is CustomColumn.Text or CustomColumn.LongText or CustomColumn.Set) return given;
        }
        throw Bad(field, problem ?? "a value of its type");
    }

    private static DomainRuleException Bad(CustomField field, string expected) => ListFields<object>.Bad($"'{field.Name}' takes: {expected}", field.Name);
}

using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>The fields of a record that a list may be filtered and sorted by, under their public names.</summary>
public sealed class ListFields<T> where T : class
{
    private readonly Dictionary<string, ListField> fields;
    private readonly CustomFieldSet? custom;
    private readonly Expression<Func<T, string?>>? customColumn;

    /// <summary>None yet.</summary>
    public ListFields() => fields = new(StringComparer.Ordinal);

    private ListFields(ListFields<T> declared, CustomFieldSet custom, Expression<Func<T, string?>> column) =>
        (fields, Searcher, this.custom, customColumn) = (declared.fields, declared.Searcher, custom, column);

    /// <summary>The same with the custom fields that there are now, as <c>custom.key</c>.</summary>
    public ListFields<T> With(CustomFieldSet custom, Expression<Func<T, string?>> column) => new(this, custom, column);

    /// <summary>The same with another place to find a field's value in: a copy of it beside the index that the order walks along.</summary>
    public ListFields<T> Instead<TValue>(string name, Expression<Func<T, TValue>> selector)
    {
        var others = new ListFields<T> { Searcher = Searcher };
        foreach (var field in fields.Values) others.fields.Add(field.Name, field.Name == name ? field with { Selector = selector } : field);
        return others;
    }

    /// <summary>Columns that a file has besides.</summary>
    internal IReadOnlyList<CustomField> Custom => custom?.Active ?? [];

    internal Func<IQueryable<T>, string, IQueryable<T>>? Searcher { get; private set; }

    /// <summary>Declares a field; enums and booleans can be filtered by but not sorted.</summary>
    public ListFields<T> Add<TValue>(string name, Expression<Func<T, TValue>> selector, bool sortable = true)
    {
        var kind = Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue);
        fields.Add(name, new ListField(name, selector, sortable && !kind.IsEnum && kind != typeof(bool)));
        return this;
    }

    /// <summary>Says what <c>q=</c> does.</summary>
    public ListFields<T> Search(Func<IQueryable<T>, string, IQueryable<T>> searcher)
    {
        Searcher = searcher;
        return this;
    }

    internal ListField Get(string name)
    {
        if (fields.TryGetValue(name, out var field)) return field;
        if (customColumn is not null && CustomNames.KeyOf(name) is { } key && custom!.Find(key) is { } defined) return CustomListField.Of(defined, customColumn);
        throw Bad($"'{name}' is not a field of this list. Fields: {string.Join(", ", fields.Keys.Order(StringComparer.Ordinal).Concat(Custom.Select(f => f.Name)))}.", name);
    }

    /// <summary>The names of the fields.</summary>
    public IEnumerable<string> Names => fields.Keys.Concat(Custom.Select(custom => custom.Name));

    /// <summary>Notes what is wrong with an order.</summary>
    public void CheckSort(string sort, FieldErrors errors)
    {
        try
        {
            _ = Keyset.ParseSort(this, sort);
        }
        catch (DomainRuleException wrong)
        {
            errors.Add("sort", wrong.Message);
        }
    }

    /// <summary>A 400 that names the parameter.</summary>
    internal static DomainRuleException Bad(string detail, string parameter) =>
        new DomainRuleException("bad-list-query", detail, 400).With("errors", new Dictionary<string, string[]> { [parameter] = [detail] });
}

/// <summary>How values are dates.</summary>
internal enum DateForm
{
    /// <summary>They are none.</summary>
    None,
    /// <summary>Days without a time.</summary>
    Day,
    /// <summary>Instants.</summary>
    Instant,
}

/// <summary>One declared field.</summary>
internal sealed record ListField(string Name, LambdaExpression Selector, bool Sortable)
{
    public Type Type => Selector.ReturnType;

    /// <summary>Reads a value instead of the field's type.</summary>
    public Func<string, object?>? Reader { get; init; }

    /// <summary>The condition of an operator instead of the usual one; null: the usual one.</summary>
    public Func<string, string, Expression?> Condition { get; init; } = (_, _) => null;

    /// <summary>How its values are dates, so that days of the calendar can be named instead: <see cref="RelativeDates"/>.</summary>
    public DateForm Dates { get; init; } = (Nullable.GetUnderlyingType(Selector.ReturnType) ?? Selector.ReturnType) switch
    {
        var kind when kind == typeof(DateTimeOffset) => DateForm.Instant,
        var kind when kind == typeof(DateOnly) => DateForm.Day,
        _ => DateForm.None,
    };

    /// <summary>Reads a value of the field's type as it stands in a query string; <c>me</c> is the id of who asks.</summary>
    public object? Parse(string text)
    {
        if (Reader is not null) return Reader(text);
        var kind = Nullable.GetUnderlyingType(Type) ?? Type;
        if (kind == typeof(string)) return text.Contains('\0', StringComparison.Ordinal) ? throw Wrong(text, "a text without NUL") : text;
        if (text.Length == 0 && Nullable.GetUnderlyingType(Type) is not null) return null;
        var invariant = CultureInfo.InvariantCulture;
        if (kind == typeof(Guid)) return text == SavedFilter.Me ? Actor.Current.UserId : Guid.TryParse(text, out var id) ? id : throw Wrong(text, "an id");
        if (kind == typeof(int)) return int.TryParse(text, NumberStyles.Integer, invariant, out var number) ? number : throw Wrong(text, "a whole number");
        if (kind == typeof(long)) return long.TryParse(text, NumberStyles.Integer, invariant, out var number) ? number : throw Wrong(text, "a whole number");
        if (kind == typeof(decimal)) return decimal.TryParse(text, NumberStyles.Number, invariant, out var number) ? number : throw Wrong(text, "a number");
        if (kind == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : throw Wrong(text, "true or false");
        if (kind == typeof(DateTimeOffset))
            return DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : throw Wrong(text, "an ISO 8601 instant");
        if (kind == typeof(DateOnly)) return DateOnly.TryParse(text, invariant, out var date) ? date : throw Wrong(text, "a date such as 2026-03-31");
        if (kind.IsEnum)
            return Enum.TryParse(kind, text, ignoreCase: true, out var value) && Enum.IsDefined(kind, value!)
                ? value
                : throw Wrong(text, "one of " + string.Join(", ", Enum.GetNames(kind).Select(JsonNamingPolicy.CamelCase.ConvertName)));
        throw new InvalidOperationException($"A list field of type {kind} is not supported.");
    }

    private DomainRuleException Wrong(string text, string expected) => ListFields<object>.Bad($"'{Name}' takes {expected}; got '{text}'.", Name);
}

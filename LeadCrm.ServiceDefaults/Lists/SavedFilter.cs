using System.Linq.Expressions;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>One condition of a saved filter.</summary>
public sealed record FilterCondition
{
    /// <summary>A field of the list, <c>custom.key</c> for custom ones.</summary>
    public required string Field { get; init; }
    /// <summary><c>is</c>, <c>in</c>, <c>contains</c>, <c>gt</c>, <c>gte</c>, <c>lt</c> or <c>lte</c>.</summary>
    public string Operator { get; init; } = "is";
    /// <summary>As the list's query string takes it: several with commas for <c>in</c>, one that holds a comma in double quotes; <c>me</c> for who looks; <c>today-7d</c>, <c>thisWeek</c>; empty: no value.</summary>
    public string Value { get; init; } = "";
}

/// <summary>A filter that is kept: conditions, and how they are put together.</summary>
public sealed record SavedFilter
{
    /// <summary>Stands for the id of who asks.</summary>
    public const string Me = "me";

    internal const int MostConditions = 30;
    private const int LongestValue = 2_000;

    /// <summary>Nothing is left out.</summary>
    public static SavedFilter Everything { get; } = new();

    /// <summary>The conditions, numbered from 1.</summary>
    public IReadOnlyList<FilterCondition> Conditions { get; init; } = [];

    /// <summary>Such as <c>1 AND (2 OR 3)</c>; left out: all of them.</summary>
    public string? Logic { get; init; }

    /// <summary>Notes what is wrong with it, by the condition's place.</summary>
    public void Check<T>(ListFields<T> fields, RelativeDates dates, FieldErrors errors) where T : class
    {
        if (Conditions.Count > MostConditions) errors.Add("filter.conditions", $"At most {MostConditions} conditions.");
        for (var i = 0; i < Conditions.Count; i++)
        {
            var name = $"filter.conditions[{i}]";
            if (Conditions[i].Value.Length > LongestValue) errors.Add(name, $"At most {LongestValue:N0} characters.");
            try
            {
                _ = Condition(fields, Conditions[i], dates);
            }
            catch (DomainRuleException wrong)
            {
                errors.Add(name, wrong.Message);
            }
        }
        try
        {
            _ = FilterLogic.Read(Logic, Conditions.Count);
        }
        catch (FormatException wrong)
        {
            errors.Add("filter.logic", wrong.Message);
        }
    }

    /// <summary>The records that it leaves. One that names a field that there is no more is a 400 that names it: it never shows more than it was meant to.</summary>
    public IQueryable<T> Apply<T>(IQueryable<T> query, ListFields<T> fields, RelativeDates dates) where T : class
    {
        if (Conditions.Count == 0) return query;
        var record = Expression.Parameter(typeof(T), "record");
        var whole = FilterLogic.Read(Logic, Conditions.Count).Build(index =>
        {
            var (over, body) = Condition(fields, Conditions[index], dates);
            return new Keyset.Rebind(over, record).Visit(body);
        });
        return query.Where(Expression.Lambda<Func<T, bool>>(whole, record));
    }

    private static (ParameterExpression, Expression) Condition<T>(ListFields<T> fields, FilterCondition condition, RelativeDates dates) where T : class
    {
        var field = fields.Get(condition.Field);
        return (field.Selector.Parameters[0], Filters.Condition<T>(field, condition.Operator == "is" ? "" : condition.Operator, condition.Value, dates));
    }
}

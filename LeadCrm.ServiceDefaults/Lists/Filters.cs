using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>Turns <c>field=value</c>, <c>field[gte]=value</c> and the like into conditions.</summary>
internal static class Filters
{
    private static readonly MethodInfo CompareStrings = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;
    private static readonly MethodInfo Like = typeof(NpgsqlDbFunctionsExtensions).GetMethod(nameof(NpgsqlDbFunctionsExtensions.ILike), [typeof(DbFunctions), typeof(string), typeof(string)])!;

    public static IQueryable<T> Apply<T>(IQueryable<T> query, ListField field, string @operator, string text, RelativeDates dates) where T : class =>
        query.Where(Expression.Lambda<Func<T, bool>>(Condition<T>(field, @operator, text, dates), field.Selector.Parameters[0]));

    /// <summary>A condition over the parameter of the field's selector.</summary>
    public static Expression Condition<T>(ListField field, string @operator, string text, RelativeDates dates) where T : class
    {
        if (field.Dates != DateForm.None && dates.Period(text) is { } period) return Within<T>(field, @operator, period, dates);
        var value = field.Selector.Body;
        return field.Condition(@operator, text) ?? @operator switch
        {
            "" when text.Length == 0 && CanBeNull(field.Type) => Expression.Equal(value, Expression.Constant(null, field.Type)),
            "" => Expression.Equal(value, Value(field.Parse(text), field.Type)),
            "gt" or "gte" or "lt" or "lte" when !HasOrder(field.Type) => throw ListFields<T>.Bad($"'{field.Name}' has no order: [{@operator}] does not apply. Use [in] for several values.", field.Name),
            "gt" or "gte" or "lt" or "lte" => Compare(value, Value(field.Parse(text), field.Type), @operator),
            "in" => In(field, value, text),
            "contains" when field.Type == typeof(string) => Contains(value, text),
            "contains" => throw ListFields<T>.Bad($"'{field.Name}' is not a text: [contains] does not apply.", field.Name),
            _ => throw ListFields<T>.Bad($"[{@operator}] is not an operator. Use [gt], [gte], [lt], [lte], [in] or [contains].", field.Name),
        };
    }

    /// <summary>A period of days: in it, since its beginning, after its end, and so on.</summary>
    private static Expression Within<T>(ListField field, string @operator, (DateOnly From, DateOnly To) period, RelativeDates dates) where T : class
    {
        string Text(DateOnly day) => field.Dates == DateForm.Day ? day.ToString("O", CultureInfo.InvariantCulture) : dates.StartOf(day).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Expression Is(string compared, DateOnly day) => Condition<T>(field, compared, Text(day), dates);
        return @operator switch
        {
            "" or "in" => Expression.AndAlso(Is("gte", period.From), Is("lt", period.To)),
            "gte" => Is("gte", period.From),
            "gt" => Is("gte", period.To),
            "lt" => Is("lt", period.From),
            "lte" => Is("lt", period.To),
            _ => throw ListFields<T>.Bad($"[{@operator}] does not apply to a date. Use [gt], [gte], [lt] or [lte].", field.Name),
        };
    }

    public static Expression Compare(Expression left, Expression right, string @operator)
    {
        if (left.Type == typeof(string))
        {
            left = Expression.Call(CompareStrings, left, right);
            right = Expression.Constant(0);
        }
        return @operator switch
        {
            "gt" => Expression.GreaterThan(left, right),
            "gte" => Expression.GreaterThanOrEqual(left, right),
            "lt" => Expression.LessThan(left, right),
            _ => Expression.LessThanOrEqual(left, right),
        };
    }

    /// <summary>A value as a query parameter: EF caches one plan for all values.</summary>
    public static Expression Value(object? value, Type type)
    {
        var box = Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)!;
        return Expression.Property(Expression.Constant(box), nameof(Box<int>.Value));
    }

    public static bool CanBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static bool HasOrder(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: false } kind && kind != typeof(bool);

    private static Expression In(ListField field, Expression value, string text)
    {
        var parsed = ListOfValues.Read(text, field.Name).Select(field.Parse).ToArray();
        // A condition such as "is rotting" is no column that could be looked for in a list of values.
        if ((Nullable.GetUnderlyingType(field.Type) ?? field.Type) == typeof(bool))
            return parsed.Select(one => (Expression)Expression.Equal(value, Value(one, field.Type))).Aggregate(Expression.OrElse);
        // An enum's values are few: as constants, the planner knows how many records have each.
        if (field.Type.IsEnum) return parsed.Distinct().Select(one => (Expression)Expression.Equal(value, Expression.Constant(one, field.Type))).Aggregate(Expression.OrElse);
        var list = Array.CreateInstance(field.Type, parsed.Length);
        for (var i = 0; i < parsed.Length; i++) list.SetValue(parsed[i], i);
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [field.Type], Value(list, list.GetType()), value);
    }

    public static Expression Contains(Expression value, string text) =>
        Expression.Call(Like, Expression.Constant(EF.Functions), value, Value("%" + Escape(text) + "%", typeof(string)));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private sealed class Box<TValue>(TValue value)
    {
        public TValue Value { get; } = value;
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>One column of an order.</summary>
internal sealed record SortColumn(ListField Field, bool Descending);

/// <summary>
/// Keyset pages: the cursor holds the last row's sort values, so page 1,000 costs what page 1 does and rows that come or go meanwhile
/// neither repeat nor hide others. Nulls stand last ascending and first descending, as PostgreSQL sorts them.
/// </summary>
internal static class Keyset
{
    public static List<SortColumn> ParseSort<T>(ListFields<T> fields, string sort) where T : class
    {
        var columns = new List<SortColumn>();
        foreach (var part in sort.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var descending = part.StartsWith('-');
            var field = fields.Get(descending ? part[1..] : part);
            if (!field.Sortable) throw ListFields<T>.Bad($"A list cannot be sorted by '{field.Name}'.", "sort");
            if (columns.TrueForAll(c => c.Field.Name != field.Name)) columns.Add(new SortColumn(field, descending));
        }

        var record = Expression.Parameter(typeof(T), "record");
        var id = Expression.Lambda<Func<T, Guid>>(Expression.Property(record, "Id"), record);
        // The id breaks ties, in the direction of the first column so that one index serves both.
        columns.Add(new SortColumn(new ListField("id", id, Sortable: true), columns.Count > 0 && columns[0].Descending));
        return columns;
    }

    public static IQueryable<T> Order<T>(IQueryable<T> query, List<SortColumn> sort) where T : class
    {
        var expression = query.Expression;
        for (var i = 0; i < sort.Count; i++)
        {
            var method = (i == 0 ? "OrderBy" : "ThenBy") + (sort[i].Descending ? "Descending" : "");
            expression = Expression.Call(typeof(Queryable), method, [typeof(T), sort[i].Field.Type], expression, Expression.Quote(sort[i].Field.Selector));
        }
        return query.Provider.CreateQuery<T>(expression);
    }

    public static IQueryable<T> After<T>(IQueryable<T> query, List<SortColumn> sort, string cursor) where T : class
    {
        var values = Decode<T>(sort, cursor);
        var record = Expression.Parameter(typeof(T), "record");
        Expression? condition = null;
        for (var i = sort.Count - 1; i >= 0; i--)
        {
            var column = new Rebind(sort[i].Field.Selector.Parameters[0], record).Visit(sort[i].Field.Selector.Body);
            var beyond = Beyond(sort[i], column, values[i]);
            var equal = Equal(sort[i], column, values[i]);
            condition = condition is null ? beyond : Expression.OrElse(beyond, Expression.AndAlso(equal, condition));
        }
        return query.Where(Expression.Lambda<Func<T, bool>>(FromThere(sort[0], values[0], record) is { } there ? Expression.AndAlso(there, condition!) : condition!, record));
    }

    /// <summary>
    /// Where the walk along an index begins: no further back than the cursor's first value. The condition proper implies it, but is a choice of several, which no
    /// index begins at. Null: where nulls are still to come, or all that is left.
    /// </summary>
    private static Expression? FromThere(SortColumn first, object? value, ParameterExpression record)
    {
        var column = new Rebind(first.Field.Selector.Parameters[0], record).Visit(first.Field.Selector.Body);
        if (value is null || (!first.Descending && Filters.CanBeNull(column.Type))) return null;
        return Filters.Compare(column, Filters.Value(value, column.Type), first.Descending ? "lte" : "gte");
    }

    public static string Encode(List<SortColumn> sort, object?[] keys)
    {
        var texts = new List<string?> { Signature(sort) };
        texts.AddRange(keys.Select(ToText));
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(texts));
    }

    private static object?[] Decode<T>(List<SortColumn> sort, string cursor) where T : class
    {
        List<string?>? texts;
        try
        {
            texts = JsonSerializer.Deserialize<List<string?>>(Base64Url.DecodeFromChars(cursor));
        }
        catch (Exception ex) when (ex is FormatException or JsonException)
        {
            texts = null;
        }
        if (texts is null || texts.Count != sort.Count + 1 || texts[0] != Signature(sort))
            throw ListFields<T>.Bad("'after' is not a cursor of this list in this order. Start again without it.", "after");
        return sort.Select((column, i) => texts[i + 1] is { } text ? column.Field.Parse(text) : null).ToArray();
    }

    private static string Signature(List<SortColumn> sort) => string.Join(',', sort.Select(c => (c.Descending ? "-" : "") + c.Field.Name));

    private static string? ToText(object? value) => value switch
    {
        null => null,
        DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static Expression Beyond(SortColumn sort, Expression column, object? value)
    {
        var nullable = Filters.CanBeNull(column.Type);
        if (value is null)
            return sort.Descending && nullable ? Expression.NotEqual(column, Expression.Constant(null, column.Type)) : Expression.Constant(false);
        var further = Filters.Compare(column, Filters.Value(value, column.Type), sort.Descending ? "lt" : "gt");
        return nullable && !sort.Descending ? Expression.OrElse(further, Expression.Equal(column, Expression.Constant(null, column.Type))) : further;
    }

    private static BinaryExpression Equal(SortColumn sort, Expression column, object? value) => value is null && Filters.CanBeNull(sort.Field.Type)
        ? Expression.Equal(column, Expression.Constant(null, column.Type))
        : Expression.Equal(column, Filters.Value(value, column.Type));

    internal sealed class Rebind(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}

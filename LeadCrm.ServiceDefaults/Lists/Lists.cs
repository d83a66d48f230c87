using System.Data;
using System.Linq.Expressions;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>A page of a list.</summary>
/// <param name="Items">The rows, in the order asked for.</param>
/// <param name="Next">Cursor of the next page for <c>after=</c>; null on the last one.</param>
/// <param name="Count">How many there are in all, when asked for by <c>count=true</c>: 10,001 means more than 10,000; exact with <c>count=exact</c>.</param>
public sealed record ListPage<TItem>(IReadOnlyList<TItem> Items, string? Next, long? Count);

/// <summary>
/// Answers list requests: <c>?limit=50&amp;after=CURSOR</c>, filters <c>field=value</c>, <c>field[gte]=…</c>, <c>[in]=a,b</c>,
/// <c>[contains]=…</c>, <c>sort=-score,lastName</c>, <c>q=</c>, <c>count=true|exact</c>, <c>format=csv</c>. Whatever is not known is a 400.
/// </summary>
public static class Lists
{
    private const int DefaultLimit = 50;
    private const int LargestLimit = 200;
    private const int CountUpTo = 10_001;

    /// <summary>Filters, sorts, cuts and projects <paramref name="query"/> as the request asks.</summary>
    /// <param name="query">What the caller may see.</param>
    /// <param name="fields">Fields that may be filtered and sorted by.</param>
    /// <param name="request">The request, whose query string is read.</param>
    /// <param name="defaultSort">Order when none is asked for.</param>
    /// <param name="select">One row of the answer, projected in SQL.</param>
    /// <param name="ct">Ends the query.</param>
    /// <param name="known">Further query parameters that the endpoint itself reads.</param>
    public static Task<ListPage<TItem>> Page<T, TItem>(
        IQueryable<T> query, ListFields<T> fields, HttpRequest request, string defaultSort, Expression<Func<T, TItem>> select, CancellationToken ct, params string[] known)
        where T : class => Page(query, fields, request, defaultSort, select, row => row, ct, known);

    /// <summary>The same, with something added to each row that the database gave, such as names from the directory; for pages and for files.</summary>
    /// <param name="query">What the caller may see.</param>
    /// <param name="fields">Fields that may be filtered and sorted by.</param>
    /// <param name="request">The request, whose query string is read.</param>
    /// <param name="defaultSort">Order when none is asked for.</param>
    /// <param name="select">One row, projected in SQL.</param>
    /// <param name="complete">Makes the row of the answer from it.</param>
    /// <param name="ct">Ends the query.</param>
    /// <param name="known">Further query parameters that the endpoint itself reads.</param>
    public static async Task<ListPage<TItem>> Page<T, TRow, TItem>(
        IQueryable<T> query, ListFields<T> fields, HttpRequest request, string defaultSort, Expression<Func<T, TRow>> select, Func<TRow, TItem> complete,
        CancellationToken ct, params string[] known)
        where T : class
    {
        string? sortText = null, after = null, count = null;
        var limit = DefaultLimit;
        var services = request.HttpContext.RequestServices;
        var dates = RelativeDates.Of(services.GetService<IDirectory>(), services.GetRequiredService<TimeProvider>());
        foreach (var (name, values) in request.Query)
        {
            var value = values.ToString();
            switch (name)
            {
                case "format":
                    if (value is not ("json" or "csv")) throw ListFields<T>.Bad("'format' takes json or csv.", name);
                    break;
                case "limit":
                    if (!int.TryParse(value, out limit) || limit is < 1 or > LargestLimit) throw ListFields<T>.Bad($"'limit' takes 1 to {LargestLimit}.", name);
                    break;
                case "after": after = value; break;
                case "sort": sortText = value; break;
                case "count":
                    count = value is "true" or "exact" or "false" ? value : throw ListFields<T>.Bad("'count' takes true (stops at 10,001) or exact.", name);
                    break;
                case "q":
                    query = Search(query, fields, value);
                    break;
                default:
                    if (known.Contains(name, StringComparer.Ordinal)) break;
                    foreach (var single in values) query = Filter(query, fields, name, single ?? "", dates);
                    break;
            }
        }

        var sort = Keyset.ParseSort(fields, string.IsNullOrWhiteSpace(sortText) ? defaultSort : sortText);
        if (request.HttpContext.Features.Get<PendingExport>() is { } export)
        {
            var all = Keyset.Order(query, sort).Select(select).AsAsyncEnumerable();
            export.Write = (stream, until) => CsvRows<TItem>.Write(all.Select(complete), fields.Custom, stream, until);
            return new ListPage<TItem>([], null, null);
        }

        long? total = count switch
        {
            "true" => await CountSome(query, ct),
            "exact" => await query.LongCountAsync(ct),
            _ => null,
        };
        if (!string.IsNullOrEmpty(after)) query = Keyset.After(query, sort, after);
        var rows = await Limited(Keyset.Order(query, sort), limit + 1).Select(WithKeys(sort, select)).ToListAsync(ct);

        var next = rows.Count > limit ? Keyset.Encode(sort, rows[limit - 1].Keys) : null;
        return new ListPage<TItem>(rows.Take(limit).Select(row => complete(row.Item)).ToList(), next, total);
    }

    /// <summary>The records that a list with these parameters holds, on whatever page and in whatever order: for work on a whole list.</summary>
    /// <param name="query">What the caller may see.</param>
    /// <param name="fields">Fields that may be filtered by.</param>
    /// <param name="parameters">The list's query string; page, order, count and format are of no interest here.</param>
    /// <param name="dates">What days are called by their relation to today.</param>
    /// <param name="known">Further parameters, which the caller has read.</param>
    public static IQueryable<T> Where<T>(IQueryable<T> query, ListFields<T> fields, IEnumerable<KeyValuePair<string, StringValues>> parameters, RelativeDates dates, params string[] known)
        where T : class
    {
        foreach (var (name, values) in parameters)
        {
            if (name is "limit" or "after" or "sort" or "count" or "format" || known.Contains(name, StringComparer.Ordinal)) continue;
            query = name == "q" ? Search(query, fields, values.ToString()) : values.Aggregate(query, (some, value) => Filter(some, fields, name, value ?? "", dates));
        }
        return query;
    }

    private static IQueryable<T> Search<T>(IQueryable<T> query, ListFields<T> fields, string text) where T : class
    {
        if (fields.Searcher is null) throw ListFields<T>.Bad("This list has no search; filter by fields instead.", "q");
        return string.IsNullOrWhiteSpace(text) ? query : fields.Searcher(query, text.Replace("\0", "", StringComparison.Ordinal).Trim());
    }

    /// <summary>
    /// The first rows, their number written into the SQL: for a parameter a plan would be made that suits a tenth of the table, which sorts where it
    /// could have walked an index.
    /// </summary>
    private static IQueryable<T> Limited<T>(IQueryable<T> query, int rows) => query.Provider.CreateQuery<T>(Expression.Call(
        typeof(Queryable), nameof(Queryable.Take), [typeof(T)], query.Expression,
        Expression.Call(typeof(EF), nameof(EF.Constant), [typeof(int)], Expression.Constant(rows))));

    /// <summary>
    /// Counts, but no further than to 10,001. Which rows are counted does not matter, so they have no order, which would cost a sort: EF
    /// cannot say that without a warning.
    /// </summary>
    private static async Task<long> CountSome<T>(IQueryable<T> query, CancellationToken ct)
    {
        await using var command = query.Select(_ => 1).CreateDbCommand();
        command.CommandText = $"select count(*) from (\n{command.CommandText}\nlimit {CountUpTo}) as counted";
        var connection = command.Connection!;
        var opened = connection.State != ConnectionState.Open;
        if (opened) await connection.OpenAsync(ct);
        try
        {
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }
        finally
        {
            if (opened) await connection.CloseAsync();
        }
    }

    private static IQueryable<T> Filter<T>(IQueryable<T> query, ListFields<T> fields, string name, string value, RelativeDates dates) where T : class
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0) return Filters.Apply(query, fields.Get(name), "", value, dates);
        if (!name.EndsWith(']')) throw ListFields<T>.Bad($"'{name}' is not a filter. Write field=value or field[gte]=value.", name);
        return Filters.Apply(query, fields.Get(name[..bracket]), name[(bracket + 1)..^1], value, dates);
    }

    private static Expression<Func<T, Row<TItem>>> WithKeys<T, TItem>(List<SortColumn> sort, Expression<Func<T, TItem>> select)
    {
        var record = select.Parameters[0];
        var keys = sort.Select(c => (Expression)Expression.Convert(new Keyset.Rebind(c.Field.Selector.Parameters[0], record).Visit(c.Field.Selector.Body), typeof(object)));
        var row = Expression.MemberInit(
            Expression.New(typeof(Row<TItem>)),
            Expression.Bind(typeof(Row<TItem>).GetProperty(nameof(Row<TItem>.Item))!, select.Body),
            Expression.Bind(typeof(Row<TItem>).GetProperty(nameof(Row<TItem>.Keys))!, Expression.NewArrayInit(typeof(object), keys)));
        return Expression.Lambda<Func<T, Row<TItem>>>(row, record);
    }

    private sealed class Row<TItem>
    {
        public TItem Item { get; init; } = default!;
        public object?[] Keys { get; init; } = [];
    }
}

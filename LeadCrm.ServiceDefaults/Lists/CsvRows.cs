using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>
/// Writes rows as RFC 4180 in UTF-8 with a byte order mark, which spreadsheets need to see. The columns are the members of a list item
/// under their API names.
/// </summary>
internal static class CsvRows<TItem>
{
    private const int Portion = 32 * 1024;
    private static readonly PropertyInfo[] Members = typeof(TItem).GetProperties(BindingFlags.Instance | BindingFlags.Public);

    public static async Task<long> Write(IAsyncEnumerable<TItem> rows, IReadOnlyList<CustomField> custom, Stream stream, CancellationToken ct)
    {
        Column[] columns = [.. Members.SelectMany(member => Columns(member, custom))];
        // Nothing is sent before the first row is there: what the database refuses is still a problem with a status of its own.
        await using var reading = rows.GetAsyncEnumerator(ct);
        var more = await reading.MoveNextAsync();

        var text = new StringBuilder("\uFEFF").AppendJoin(',', columns.Select(c => c.Name)).Append("\r\n");
        var count = 0L;
        for (; more; more = await reading.MoveNextAsync(), count++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (i > 0) text.Append(',');
                Csv.Append(text, Text(columns[i].Get(reading.Current!)));
            }
            text.Append("\r\n");
            if (text.Length >= Portion) await Send(text, stream, ct);
        }
        await Send(text, stream, ct);
        return count;
    }

    /// <summary>A column per member; custom fields have one each.</summary>
    private static IEnumerable<Column> Columns(PropertyInfo member, IReadOnlyList<CustomField> custom) => typeof(IReadOnlyDictionary<string, JsonElement>).IsAssignableFrom(member.PropertyType)
        ? custom.Select(field => new Column(field.Name, row => ((IReadOnlyDictionary<string, JsonElement>)member.GetValue(row)!).TryGetValue(field.Key, out var value) ? Cell(value) : null))
        : [new Column(JsonNamingPolicy.CamelCase.ConvertName(member.Name), member.GetValue)];

    private static object Cell(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : CustomJson.Text(value);

    private static async Task Send(StringBuilder text, Stream stream, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), ct);
        await stream.FlushAsync(ct);
        text.Clear();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string typed => Csv.Guard(typed),
        bool flag => flag ? "true" : "false",
        Guid id => id.ToString(),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        decimal or int or long or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => Csv.Guard(JsonSerializer.Serialize(value, value.GetType(), Json.Options)),
    };

    private sealed record Column(string Name, Func<object, object?> Get);
}

/// <summary>Cells of CSV files.</summary>
public static class Csv
{
    /// <summary>Keeps spreadsheets from taking a text for a formula: an apostrophe in front, which <see cref="Unguard"/> takes away again.</summary>
    public static string Guard(string cell) => cell.Length > 0 && (StartsFormula(cell[0]) || IsGuarded(cell)) ? "'" + cell : cell;

    /// <summary>The text without the apostrophe that <see cref="Guard"/> put there.</summary>
    public static string Unguard(string cell) => IsGuarded(cell) ? cell[1..] : cell;

    /// <summary>Appends a cell, in quotes where it needs them.</summary>
    internal static void Append(StringBuilder text, string cell)
    {
        if (cell.AsSpan().IndexOfAny(',', '"', '\r') < 0 && !cell.Contains('\n', StringComparison.Ordinal)) text.Append(cell);
        else text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static bool IsGuarded(string cell)
    {
        var text = cell.AsSpan().TrimStart('\'');
        return text.Length < cell.Length && !text.IsEmpty && StartsFormula(text[0]);
    }

    private static bool StartsFormula(char c) => c is '=' or '+' or '-' or '@' or '\t' or '\r';
}

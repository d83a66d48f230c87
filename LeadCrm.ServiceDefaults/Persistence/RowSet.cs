using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>
/// New rows of one table, or rows of which the same columns change, as one statement over one array for each column. Its text depends on the columns
/// alone, so it is prepared once for any number of rows.
/// </summary>
internal sealed class RowSet(IReadOnlyList<IReadOnlyModificationCommand> rows, ISqlGenerationHelper sql)
{
    /// <summary>How many rows it writes.</summary>
    public int Count => rows.Count;

    /// <summary>What is written, for those who handle an error.</summary>
    public IEnumerable<IUpdateEntry> Entries => rows.SelectMany(row => row.Entries);

    /// <summary>Whether the command is of a kind that sets can do: nothing to read back, no part of a document.</summary>
    public static bool CanTake(IReadOnlyModificationCommand row)
    {
        if (row.EntityState is not (EntityState.Added or EntityState.Modified) || row.StoreStoredProcedure is not null) return false;
        var writes = false;
        foreach (var column in row.ColumnModifications)
        {
            if (column.IsRead || column.JsonPath is not null || column.Property is null || column.TypeMapping is not { } mapping) return false;
            if (IsArray(mapping) && mapping is not { StoreType: "text[]", Converter: null }) return false;
            if (column is { IsCondition: true, OriginalValue: null }) return false;   // would have to be compared with "is null"
            writes |= column.IsWrite;
        }
        return writes;
    }

    /// <summary>Whether the second can be in a set with the first, which <see cref="CanTake"/> has taken.</summary>
    public static bool AreAlike(IReadOnlyModificationCommand first, IReadOnlyModificationCommand second)
    {
        if (first.EntityState != second.EntityState || first.TableName != second.TableName || first.Schema != second.Schema || !CanTake(second)) return false;
        var (columns, others) = (first.ColumnModifications, second.ColumnModifications);
        if (columns.Count != others.Count) return false;
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].ColumnName != others[i].ColumnName || columns[i].IsWrite != others[i].IsWrite || columns[i].IsCondition != others[i].IsCondition) return false;
        return true;
    }

    /// <summary>The statement with its arrays.</summary>
    public NpgsqlBatchCommand Statement()
    {
        var command = new NpgsqlBatchCommand();
        List<string> written = [], values = [], found = [], arrays = [];
        var columns = rows[0].ColumnModifications;
        for (var i = 0; i < columns.Count; i++)
        {
            var name = sql.DelimitIdentifier(columns[i].ColumnName);
            if (columns[i].IsCondition)
            {
                command.Parameters.Add(Values(i, original: true));
                arrays.Add($"${arrays.Count + 1}");
                found.Add($"t.{name} = v.c{arrays.Count}");
            }
            if (!columns[i].IsWrite) continue;
            command.Parameters.Add(Values(i, original: false));
            arrays.Add($"${arrays.Count + 1}");
            written.Add(name);
            values.Add(IsArray(columns[i].TypeMapping!) ? $"v.c{arrays.Count}::text[]" : $"v.c{arrays.Count}");
        }
        var table = sql.DelimitIdentifier(rows[0].TableName, rows[0].Schema);
        var set = $"unnest({string.Join(", ", arrays)}) as v ({string.Join(", ", arrays.Select((_, i) => $"c{i + 1}"))})";
        command.CommandText = rows[0].EntityState == EntityState.Added
            ? $"insert into {table} ({string.Join(", ", written)}) select {string.Join(", ", values)} from {set}"
            : $"update {table} t set {string.Join(", ", written.Zip(values, (column, value) => $"{column} = {value}"))} from {set} where {string.Join(" and ", found)}";
        return command;
    }

    /// <summary>One column of all rows.</summary>
    private NpgsqlParameter Values(int column, bool original)
    {
        var mapping = rows[0].ColumnModifications[column].TypeMapping!;
        var isArray = IsArray(mapping);
        var type = isArray ? typeof(string) : mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var values = Array.CreateInstance(type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var one = rows[i].ColumnModifications[column];
            var value = original ? one.OriginalValue : one.Value;
            if (mapping.Converter is { } converter) value = converter.ConvertToProvider(value);
            values.SetValue(isArray ? Literal((IEnumerable<string?>?)value) : value, i);
        }
        return new NpgsqlParameter { Value = values, DataTypeName = (isArray ? "text" : mapping.StoreTypeNameBase) + "[]" };
    }

    private static bool IsArray(RelationalTypeMapping mapping) => mapping.StoreType.EndsWith(']');

    /// <summary>An array as PostgreSQL reads it from text: arrays of arrays would have to be of one length.</summary>
    private static string? Literal(IEnumerable<string?>? array) => array is null ? null
        : "{" + string.Join(",", array.Select(item => item is null ? "null" : $"\"{item.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"")) + "}";
}

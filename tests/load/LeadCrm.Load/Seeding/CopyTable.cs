using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Load.Seeding;

/// <summary>Rows into one table by binary COPY. Values come in the order of the columns; null stays null.</summary>
internal sealed class CopyTable : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlBinaryImporter importer;
    private readonly NpgsqlDbType?[] types;
    private readonly string? after;

    private CopyTable(NpgsqlConnection connection, NpgsqlBinaryImporter importer, NpgsqlDbType?[] types, string? after) =>
        (this.connection, this.importer, this.types, this.after) = (connection, importer, types, after);

    /// <param name="connectionString">The database.</param>
    /// <param name="table">Table with its columns, such as <c>accounts (id, name, team:jsonb)</c>; a type is only named where .NET's does not say it.</param>
    /// <param name="ifNew">Leaves out rows that are there: a read model, whose service may be reading the records from their owner at this moment.</param>
    public static async Task<CopyTable> Open(string connectionString, string table, bool ifNew = false)
    {
        var open = table.IndexOf('(', StringComparison.Ordinal);
        var name = table[..open].Trim();
        var columns = table[(open + 1)..table.LastIndexOf(')')].Split(',', StringSplitOptions.TrimEntries).Select(column => column.Split(':')).ToArray();
        var names = string.Join(", ", columns.Select(column => column[0]));
        var into = ifNew ? "incoming" : name;
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var settings = new NpgsqlCommand("set synchronous_commit = off; set maintenance_work_mem = '512MB'"
            + (ifNew ? $"; create temp table {into} as select {names} from {name} limit 0" : ""), connection)) await settings.ExecuteNonQueryAsync();
        var importer = await connection.BeginBinaryImportAsync($"copy {into} ({names}) from stdin (format binary)");
        importer.Timeout = TimeSpan.FromMinutes(30);
        return new CopyTable(connection, importer, [.. columns.Select(column => column.Length == 1 ? (NpgsqlDbType?)null : Enum.Parse<NpgsqlDbType>(column[1], ignoreCase: true))],
            ifNew ? $"insert into {name} ({names}) select {names} from {into} on conflict do nothing; drop table {into}" : null);
    }

    public void Row(params ReadOnlySpan<object?> values)
    {
        importer.StartRow();
        for (var i = 0; i < values.Length; i++)
        {
            switch (values[i])
            {
                case null: importer.WriteNull(); break;
                case var value when types[i] is { } type: importer.Write(value, type); break;
                case string text: importer.Write(text, NpgsqlDbType.Text); break;
                case Guid id: importer.Write(id, NpgsqlDbType.Uuid); break;
                case DateTimeOffset at: importer.Write(at, NpgsqlDbType.TimestampTz); break;
                case DateOnly day: importer.Write(day, NpgsqlDbType.Date); break;
                case bool flag: importer.Write(flag, NpgsqlDbType.Boolean); break;
                case int number: importer.Write(number, NpgsqlDbType.Integer); break;
                case long number: importer.Write(number, NpgsqlDbType.Bigint); break;
                case string[] texts: importer.Write(texts, NpgsqlDbType.Array | NpgsqlDbType.Text); break;
                case decimal amount: importer.Write(amount, NpgsqlDbType.Numeric); break;
                case var other: throw new InvalidOperationException($"{other.GetType().Name} needs a named type.");
            }
        }
    }

    /// <summary>Writes what was given; without it nothing of it stays.</summary>
    public async Task Complete()
    {
        await importer.CompleteAsync();
        if (after is null) return;
        await importer.DisposeAsync();
        await using var command = new NpgsqlCommand(after, connection) { CommandTimeout = 1800 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await importer.DisposeAsync();
        await connection.DisposeAsync();
    }
}

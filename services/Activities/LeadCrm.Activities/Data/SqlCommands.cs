using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace LeadCrm.Activities.Data;

/// <summary>Set-based SQL on the context's own connection, hence in its transaction.</summary>
internal static class SqlCommands
{
    internal static async Task<NpgsqlCommand> Command(this DbContext db, string sql, CancellationToken ct, params object?[] values)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (connection.State != System.Data.ConnectionState.Open) await db.Database.OpenConnectionAsync(ct);
        var command = new NpgsqlCommand(sql, connection, (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    internal static async Task<int> Execute(this DbContext db, string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = await db.Command(sql, ct, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Every row, as <paramref name="read"/> sees it.</summary>
    internal static async Task<List<T>> Rows<T>(this DbContext db, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] values)
    {
        await using var command = await db.Command(sql, ct, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Statements that go to the database together and take one way there and back.</summary>
    internal static NpgsqlBatch Batch(this DbContext db, params IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        foreach (var command in commands) batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>A statement of a batch, with its values in the order of their numbers.</summary>
    internal static NpgsqlBatchCommand Statement(string sql, params object[] values)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var value in values) statement.Parameters.Add(new NpgsqlParameter { Value = value });
        return statement;
    }
}

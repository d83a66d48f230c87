using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace LeadCrm.Campaigns.Data;

/// <summary>Statements that work on many rows at once, on the connection and in the transaction of the unit of work.</summary>
internal static class SetBased
{
    /// <summary>A command in the open transaction; parameters are named.</summary>
    public static NpgsqlCommand Command(this CampaignsDb db, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(), Transaction(db));
        foreach (var (name, value) in parameters) command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        return command;
    }

    /// <summary>Statements in the open transaction that take one way to the database and back.</summary>
    public static NpgsqlBatch Batch(this CampaignsDb db, params IEnumerable<NpgsqlBatchCommand> statements)
    {
        var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), Transaction(db));
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        return batch;
    }

    /// <summary>A statement of a batch; parameters are named.</summary>
    public static NpgsqlBatchCommand Statement(string sql, params (string Name, object? Value)[] parameters)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters) statement.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        return statement;
    }

    private static NpgsqlTransaction Transaction(CampaignsDb db) => (NpgsqlTransaction)
        (db.Database.CurrentTransaction ?? throw new InvalidOperationException("Statements on many rows belong to a transaction: begin one first.")).GetDbTransaction();
}

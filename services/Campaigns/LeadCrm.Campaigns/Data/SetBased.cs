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
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Statements on many rows belong to a transaction: begin one first.");
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());
        foreach (var (name, value) in parameters) command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        return command;
    }
}

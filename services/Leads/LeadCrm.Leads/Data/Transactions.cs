using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Data;

/// <summary>Several statements, one commit.</summary>
internal static class Transactions
{
    /// <summary>Runs the work in the transaction that is open already, or in one of its own.</summary>
    internal static async Task<T> InTransaction<T>(this LeadsDb db, Func<Task<T>> work, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null) return await work();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var answer = await work();
        await transaction.CommitAsync(ct);
        return answer;
    }
}

using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Several statements, one commit.</summary>
public static class Transactions
{
    /// <summary>Runs the work in the transaction that is open already, or in one of its own.</summary>
    public static async Task<T> InTransaction<T>(this DbContext db, Func<Task<T>> work, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null) return await work();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var answer = await work();
        await transaction.CommitAsync(ct);
        return answer;
    }
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Wakes this process's dispatcher after a commit that added outbox rows. Deliberately not NOTIFY: committing one takes a server-wide
/// lock. Rows that nobody announces (another replica's, a raw COPY) are found by the poll within a second.
/// </summary>
public sealed class OutboxSignal
{
    private readonly WakeUp wake = new();
    private readonly ConditionalWeakTable<DbContext, object> expecting = [];

    /// <summary>There is something to send.</summary>
    public void Poke() => wake.Poke();

    /// <summary>Rows were added to the context; <see cref="Committed"/> will poke when they are in.</summary>
    internal void Expect(DbContext db) => expecting.TryAdd(db, this);

    internal void Committed(DbContext? db)
    {
        if (db is not null && expecting.Remove(db)) Poke();
    }

    internal Task Wait(TimeSpan atMost, CancellationToken ct) => wake.Wait(atMost, ct);
}

/// <summary>Tells <see cref="OutboxSignal"/> about commits: of explicit transactions, and of saves without one.</summary>
internal sealed class OutboxCommitInterceptor(OutboxSignal signal) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => signal.Committed(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        signal.Committed(eventData.Context);
        return Task.CompletedTask;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        if (eventData.Context?.Database.CurrentTransaction is null) signal.Committed(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using LeadCrm.Chaos.Faults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LeadCrm.CrashPoints;

/// <summary>Tells what a commit was by what went before it in its transaction, and dies when it is through, before anybody else hears of it.</summary>
internal sealed class CrashInterceptor : DbCommandInterceptor, IDbTransactionInterceptor, ISaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbContext, Work> works = [];

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && command.CommandText.StartsWith("insert into platform.inbox", StringComparison.OrdinalIgnoreCase)) works.GetOrCreateValue(db).Consumes = true;
        return ValueTask.FromResult(result);
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not { } db) return ValueTask.FromResult(result);
        var work = works.GetOrCreateValue(db);
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State == EntityState.Added && entry.Metadata.GetTableName() == "outbox") work.Sends = true;
            if (entry.State == EntityState.Modified && entry.Metadata.GetTableName() == "conversions") work.MovesConversions = true;
        }
        return ValueTask.FromResult(result);
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && !db.ChangeTracker.HasChanges()) works.Remove(db);   // one that a save begins goes on with what was seen
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Committed(eventData.Context);
        return Task.CompletedTask;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null) Committed(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Committed(DbContext? db)
    {
        if (db is null || !works.TryGetValue(db, out var work)) return;
        works.Remove(db);
        if (work is { Consumes: true, Sends: true, MovesConversions: true }) Crash.IfOrdered(CrashPoint.BetweenSagaSteps);
        if (work.Consumes) Crash.IfOrdered(CrashPoint.AfterCommitBeforeAck);
        else if (work.Sends) Crash.IfOrdered(CrashPoint.AfterCommitBeforePublish);
    }

    private sealed class Work
    {
        public bool Consumes { get; set; }
        public bool Sends { get; set; }
        public bool MovesConversions { get; set; }
    }
}

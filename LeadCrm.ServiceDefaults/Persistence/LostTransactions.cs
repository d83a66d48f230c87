using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>
/// A connection that breaks in the middle of a transaction, and nobody notices (the driver keeps to itself what fails while the rest of an answer is read), is opened again by EF Core, without
/// the transaction: what follows would be committed by itself, without the idempotency key or the inbox row that belongs to it. Here it fails instead, as on any connection that was lost.
/// </summary>
internal sealed class LostTransactions : DbTransactionInterceptor, IDbConnectionInterceptor
{
    /// <summary>Who is in a transaction. Contexts are used again for other work, which has another id.</summary>
    private readonly ConditionalWeakTable<DbContext, StrongBox<DbContextId>> under = [];

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Begin(eventData.Context);
        return result;
    }

    public override ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.Context);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    /// <summary>A transaction that was given up without a word ends with its connection, which EF Core closes then: not so one that was lost.</summary>
    public InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        End(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        End(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Begin(DbContext? db)
    {
        if (db is not null) under.GetValue(db, _ => new StrongBox<DbContextId>()).Value = db.ContextId;
    }

    private void End(DbContext? db)
    {
        if (db is not null) under.Remove(db);
    }

    private void Check(DbContext? db)
    {
        if (db is null || !under.TryGetValue(db, out var since)) return;
        under.Remove(db);
        if (since.Value == db.ContextId) throw Lost();
    }

    /// <summary>Like any lost connection.</summary>
    internal static NpgsqlException Lost() => new("The connection was lost in the middle of a transaction.", new IOException("The connection is not open any more."));
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Update.Internal;

namespace LeadCrm.ServiceDefaults.Persistence;

#pragma warning disable EF1001 // There is no public way to the provider's own batch, which keeps doing what is not many of a kind.

/// <summary>Makes <see cref="SetBatch"/> what EF Core saves with.</summary>
internal sealed class SetBatchFactory(ModificationCommandBatchFactoryDependencies dependencies, IDbContextOptions options) : IModificationCommandBatchFactory
{
    private readonly NpgsqlModificationCommandBatchFactory rows = new(dependencies, options);

    public ModificationCommandBatch Create() => new SetBatch(rows, dependencies.SqlGenerationHelper);
}

#pragma warning restore EF1001

/// <summary>
/// Saves what a DbContext has to write. Rows of one kind that come in a row are one statement (<see cref="RowSet"/>); whatever is few or mixed is written
/// by the provider, a statement each. The order is EF Core's, and so are the errors. Why: docs/decisions/0021-rows-in-sets.md.
/// </summary>
internal sealed class SetBatch(IModificationCommandBatchFactory rows, ISqlGenerationHelper sql) : ModificationCommandBatch
{
    /// <summary>Fewer rows than this are written by the provider, in one round trip with whatever is around them.</summary>
    private const int Few = 4;

    private const int MostCommands = 4_000;

    private readonly List<IReadOnlyModificationCommand> commands = [];
    private readonly List<object> parts = [];   // List<RowSet>: sets that go in one round trip; or a batch of the provider
    private bool more;

    public override IReadOnlyList<IReadOnlyModificationCommand> ModificationCommands => commands;

    public override bool AreMoreBatchesExpected => more;

    /// <summary>A set that finds a row changed has written the others: they have to be taken back.</summary>
    public override bool RequiresTransaction => parts.Count > 1 || parts[0] is not ModificationCommandBatch { RequiresTransaction: false };

    public override bool TryAddCommand(IReadOnlyModificationCommand modificationCommand)
    {
        if (commands.Count >= MostCommands) return false;
        commands.Add(modificationCommand);
        return true;
    }

    public override void Complete(bool moreBatchesExpected)
    {
        more = moreBatchesExpected;
        for (var from = 0; from < commands.Count;)
        {
            var to = from + 1;
            if (RowSet.CanTake(commands[from]))
                while (to < commands.Count && RowSet.AreAlike(commands[to - 1], commands[to])) to++;
            if (to - from >= Few) Add(new RowSet(commands.GetRange(from, to - from), sql));
            else for (var i = from; i < to; i++) Add(commands[i]);
            from = to;
        }
        foreach (var batch in parts.OfType<ModificationCommandBatch>()) batch.Complete(moreBatchesExpected: true);
    }

    public override void Execute(IRelationalConnection connection) => throw new NotSupportedException("Saving is asynchronous here: call SaveChangesAsync.");

    public override async Task ExecuteAsync(IRelationalConnection connection, CancellationToken cancellationToken = default)
    {
        foreach (var part in parts)
        {
            if (part is ModificationCommandBatch batch) await batch.ExecuteAsync(connection, cancellationToken);
            else await Execute((List<RowSet>)part, connection, cancellationToken);
        }
    }

    private void Add(RowSet set)
    {
        if (parts.LastOrDefault() is List<RowSet> sets) sets.Add(set);
        else parts.Add(new List<RowSet> { set });
    }

    private void Add(IReadOnlyModificationCommand command)
    {
        if (parts.LastOrDefault() is ModificationCommandBatch last && last.TryAddCommand(command)) return;
        var batch = rows.Create();
        batch.TryAddCommand(command);
        parts.Add(batch);
    }

    private static async Task Execute(List<RowSet> sets, IRelationalConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)connection.DbConnection, (NpgsqlTransaction?)connection.CurrentTransaction?.GetDbTransaction());
        foreach (var set in sets) batch.BatchCommands.Add(set.Statement());
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException ex)
        {
            var culprit = ex is PostgresException { BatchCommand: { } failed } ? [sets[batch.BatchCommands.IndexOf((NpgsqlBatchCommand)failed)]] : sets;
            throw new DbUpdateException("Rows could not be written; the inner exception says why.", ex, [.. culprit.SelectMany(set => set.Entries)]);
        }
        for (var i = 0; i < sets.Count; i++)
        {
            if (batch.BatchCommands[i].RecordsAffected != sets[i].Count)
                throw new DbUpdateConcurrencyException($"Of {sets[i].Count} rows {batch.BatchCommands[i].RecordsAffected} were as they had been read; nothing is written.", [.. sets[i].Entries]);
        }
    }
}

using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>
/// Accounts and contacts that an undo is about to remove get no new opportunities and roles here. Whoever refers to one and the undo that holds
/// it meet at a lock: either the undo sees the new reference, or the reference is refused.
/// </summary>
internal static class HeldReferences
{
    private const string Share = "select count(*) from (select pg_advisory_xact_lock_shared(hashtextextended('undo:' || id, 0)) from (select unnest($1::uuid[]) as id order by 1) ids) locked";

    private const string Held = "select undo_id from conversion_undos where state = 'Held' and (account_id = any($1) or contact_id = any($1)) limit 1";

    private const string Merged = "select id, merged_into_id from account_refs where id = any($1) and merged_into_id is not null union all select id, merged_into_id from contact_refs where id = any($1) and merged_into_id is not null limit 1";

    /// <summary>409 when one of the records that the unsaved changes newly refer to is held, or has just become another one. Call in the transaction that saves them.</summary>
    public static async Task RefuseNewOnes(OpportunitiesDb db, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        Guid[] ids =
        [
            .. db.ChangeTracker.Entries<Opportunity>().Where(entry => entry.State == EntityState.Added || entry.Property(o => o.AccountId).IsModified).Select(entry => entry.Entity.AccountId),
            .. db.ChangeTracker.Entries<ContactRole>().Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity.ContactId),
        ];
        if (ids.Length == 0) return;

        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        // Statements of their own, for what is committed while the first one waits is seen by the second.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Share) { Parameters = { new() { Value = ids } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Held) { Parameters = { new() { Value = ids } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Merged) { Parameters = { new() { Value = ids } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        if (await reader.ReadAsync(ct))
            throw new DomainRuleException("provisional", "The account or a contact belongs to a conversion that is just being undone. Try again when that is done.").With("undoId", reader.GetGuid(0));
        await reader.NextResultAsync(ct);
        if (await reader.ReadAsync(ct)) throw new DomainRuleException("merged", "The account or a contact was just merged into another one. Name that one.").With("mergedIntoId", reader.GetGuid(1));
    }

    /// <summary>Waits for those who are just referring to these records; from here on they see what the running transaction has held.</summary>
    public static Task Lock(OpportunitiesDb db, IEnumerable<Guid> ids, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"select count(*) from (select pg_advisory_xact_lock(hashtextextended('undo:' || id, 0)) from (select unnest({ids.ToArray()}) as id order by 1) ids) locked", ct);
}

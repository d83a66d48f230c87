using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Data;

/// <summary>Keeps "is above" relations free of cycles, also when two people change the tree at the same moment.</summary>
internal static class Hierarchy
{
    /// <summary>
    /// Whether putting <paramref name="id"/> under <paramref name="parentId"/> would close a cycle. Call inside a transaction: changes of one
    /// tree wait for each other until it ends.
    /// </summary>
    public static async Task<bool> ClosesCycle(AccountsDb db, HierarchyOf tree, Guid id, Guid parentId, CancellationToken ct)
    {
        var (table, column, key) = tree == HierarchyOf.Accounts ? ("accounts", "parent_account_id", 0x4163636F) : ("contacts", "reports_to_id", 0x436F6E74);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", ct);
        var sql = $$"""
            with recursive up as (
                select id, {{column}} as above from {{table}} where id = {0}
                union
                select t.id, t.{{column}} from {{table}} t join up on t.id = up.above
            )
            select exists (select 1 from up where id = {1}) as "Value"
            """;
        return await db.Database.SqlQueryRaw<bool>(sql, parentId, id).SingleAsync(ct);
    }
}

/// <summary>Which tree.</summary>
internal enum HierarchyOf
{
    /// <summary>Parent accounts.</summary>
    Accounts,
    /// <summary>Who reports to whom.</summary>
    Contacts,
}

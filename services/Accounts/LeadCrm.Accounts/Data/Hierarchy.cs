using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Data;

/// <summary>Keeps "is above" relations free of cycles, also when two people change the tree at the same moment.</summary>
internal static class Hierarchy
{
    /// <summary>From here on nobody else changes the tree until the running transaction ends.</summary>
    public static Task Hold(AccountsDb db, HierarchyOf tree, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({KeyOf(tree)})", ct);

    private static int KeyOf(HierarchyOf tree) => tree == HierarchyOf.Accounts ? 0x4163636F : 0x436F6E74;

    /// <summary>
    /// Whether putting <paramref name="id"/> under <paramref name="parentId"/> would close a cycle. Call inside a transaction: changes of one
    /// tree wait for each other until it ends.
    /// </summary>
    public static async Task<bool> ClosesCycle(AccountsDb db, HierarchyOf tree, Guid id, Guid parentId, CancellationToken ct)
    {
        var (table, column) = tree == HierarchyOf.Accounts ? ("accounts", "parent_account_id") : ("contacts", "reports_to_id");
        await Hold(db, tree, ct);
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

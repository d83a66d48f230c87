using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>The tree that an account stands in, from its topmost parent down (AC1), without the accounts that the caller may not see.</summary>
internal static class GetHierarchy
{
    private const int MostNodes = 1_000;

    /// <summary>An account of the tree; parents come before their children.</summary>
    internal sealed record Node(Guid Id, string Name, Guid? ParentAccountId, Guid OwnerId, int Depth);

    /// <summary>The tree; <c>Truncated</c> when it has more than 1,000 accounts.</summary>
    internal sealed record Response(IReadOnlyList<Node> Accounts, bool Truncated);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, AccountsDb db, AccountAccess access, CancellationToken ct)
    {
        var scope = access.Scope;
        // A parent in the recycle bin ends the tree: what is above it is reached again when it is restored.
        var nodes = await db.Database.SqlQuery<Node>($"""
            with recursive up as (
                select id, parent_account_id, 0 as height from accounts where id = {id} and deleted_at is null and pending_conversion_id is null
                union all
                select a.id, a.parent_account_id, up.height + 1 from accounts a join up on a.id = up.parent_account_id where a.deleted_at is null
            ), down as (
                select a.id, a.name, a.parent_account_id, a.owner_id, 0 as depth from accounts a
                where a.id = (select id from up order by height desc limit 1)
                union all
                select a.id, a.name, a.parent_account_id, a.owner_id, down.depth + 1 from accounts a join down on a.parent_account_id = down.id
                where a.deleted_at is null and a.pending_conversion_id is null
            )
            select id, name, parent_account_id, owner_id, depth from down where {scope.SeesAll} or owner_id = any({scope.Owners}) order by depth, name, id limit {MostNodes + 1}
            """).ToListAsync(ct);
        return !nodes.Exists(node => node.Id == id) && !await access.Visible.AnyAsync(account => account.Id == id, ct) ? Problems.NotFound() : TypedResults.Ok(new Response([.. nodes.Take(MostNodes)], nodes.Count > MostNodes));
    }
}

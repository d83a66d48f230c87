using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>The whole tree that a campaign stands in, from its topmost parent down, as far as the caller may see it.</summary>
internal static class GetHierarchy
{
    private const int MostNodes = 1_000;

    /// <summary>A campaign of the tree; parents come before their children.</summary>
    internal sealed record Node(Guid Id, string Name, CampaignStatus Status, Guid? ParentCampaignId, Guid OwnerId, int Depth);

    /// <summary>The tree; <c>Truncated</c> when it has more than 1,000 campaigns.</summary>
    internal sealed record Response(IReadOnlyList<Node> Campaigns, bool Truncated);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, CampaignsDb db, CampaignAccess access, CancellationToken ct)
    {
        if (!await access.Visible().AnyAsync(c => c.Id == id, ct)) return Problems.NotFound();

        // A parent in the recycle bin, or out of the caller's sight, ends the tree.
        var (all, owners) = (access.Scope.SeesAll, access.Scope.Owners);
        var nodes = await db.Database.SqlQuery<Row>($"""
            with recursive up as (
                select id, parent_campaign_id, 0 as height from campaigns where id = {id}
                union all
                select c.id, c.parent_campaign_id, up.height + 1 from campaigns c join up on c.id = up.parent_campaign_id
                where c.deleted_at is null and ({all} or c.owner_id = any({owners}))
            ), down as (
                select c.id, c.name, c.status, c.parent_campaign_id, c.owner_id, 0 as depth from campaigns c
                where c.id = (select id from up order by height desc limit 1)
                union all
                select c.id, c.name, c.status, c.parent_campaign_id, c.owner_id, down.depth + 1 from campaigns c join down on c.parent_campaign_id = down.id
                where c.deleted_at is null and ({all} or c.owner_id = any({owners}))
            )
            select id, name, status, parent_campaign_id, owner_id, depth from down order by depth, name, id limit {MostNodes + 1}
            """).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. nodes.Take(MostNodes).Select(n => new Node(n.Id, n.Name, Enum.Parse<CampaignStatus>(n.Status), n.ParentCampaignId, n.OwnerId, n.Depth))], nodes.Count > MostNodes));
    }

    private sealed record Row(Guid Id, string Name, string Status, Guid? ParentCampaignId, Guid OwnerId, int Depth);
}

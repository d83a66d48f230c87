using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>How many members a campaign has in which status, as far as the caller may see them.</summary>
internal static class CountMembers
{
    /// <summary>Members in one status.</summary>
    internal sealed record StatusCount(Guid StatusId, string Name, bool IsResponded, int Members);

    /// <summary>All members, those who have responded, and each status.</summary>
    internal sealed record Response(int Members, int Responded, IReadOnlyList<StatusCount> Statuses);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, CampaignsDb db, CampaignAccess access, MembersInSight sight, CancellationToken ct)
    {
        if (await access.Find(id, ct) is not { } campaign) return Problems.NotFound();

        var counted = await sight.Rows(db.Members.AsNoTracking().Where(m => m.CampaignId == id))
            .GroupBy(r => r.Member.StatusId).Select(g => new { g.Key, Members = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Members, ct);
        var statuses = campaign.Statuses.OrderBy(s => s.Position).Select(s => new StatusCount(s.Id, s.Name, s.IsResponded, counted.GetValueOrDefault(s.Id))).ToList();
        return TypedResults.Ok(new Response(statuses.Sum(s => s.Members), statuses.Where(s => s.IsResponded).Sum(s => s.Members), statuses));
    }
}

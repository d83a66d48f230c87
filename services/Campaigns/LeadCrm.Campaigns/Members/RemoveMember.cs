using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>Takes somebody out of a campaign; within 30 days it can be undone.</summary>
internal static class RemoveMember
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid memberId, HttpContext http, CampaignsDb db, CampaignAccess access, MembersInSight sight, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await access.FindForEdit(id, ct) is null || await sight.Find(id, memberId, ct) is null) return Problems.NotFound();
        var member = await db.Members.SingleAsync(m => m.Id == memberId, ct);
        Versions.Check(expected, member.Version);

        member.Remove(Actor.Current.UserId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}

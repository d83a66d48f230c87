using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>Brings a removed member back, with its status and its first response.</summary>
internal static class RestoreMember
{
    internal static async Task<Results<VersionedOk<MemberResponse>, ProblemHttpResult>> Handle(
        Guid id, Guid memberId, CampaignsDb db, CampaignAccess access, MembersInSight sight, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is null) return Problems.NotFound();
        var removed = db.Members.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(m => m.CampaignId == id && m.Id == memberId);
        if (!await sight.Rows(removed).AnyAsync(ct)) return Problems.NotFound();

        var member = await removed.SingleAsync(ct);
        if (member.DeletedAt is not null && await db.Members.AnyAsync(m => m.CampaignId == id && m.PersonType == member.PersonType && m.PersonId == member.PersonId, ct))
            return Problems.Conflict("already-member", "This person has been added to the campaign again since.");
        member.Restore(Actor.Current.UserId, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        var answer = (await sight.Find(id, memberId, ct))!;
        return Answers.Ok(answer, answer.Version);
    }
}

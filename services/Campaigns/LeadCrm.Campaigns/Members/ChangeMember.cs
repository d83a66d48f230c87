using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>Gives a member another status (CM1); the first response is noted once (CM2).</summary>
internal static class ChangeMember
{
    /// <summary>What people may write of a member.</summary>
    internal sealed record Input
    {
        /// <summary>The status, one of the campaign's.</summary>
        public Guid? StatusId { get; init; }
    }

    internal static async Task<Results<VersionedOk<MemberResponse>, ProblemHttpResult>> Handle(Guid id, Guid memberId, MergePatch<Input> patch, HttpContext http,
        CampaignsDb db, CampaignAccess access, MembersInSight sight, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await access.LockForMembers(id, ct) is not { } campaign || await sight.Find(id, memberId, ct) is null) return Problems.NotFound();
        var member = await db.Members.SingleAsync(m => m.Id == memberId, ct);
        Versions.Check(expected, member.Version);

        var input = patch.ApplyTo(new Input { StatusId = member.StatusId });
        var status = campaign.StatusOrDefault(input.StatusId, "statusId");
        if (status.Id != member.StatusId)
        {
            member.MoveTo(status, Actor.Current.UserId, clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }
        var answer = (await sight.Find(id, memberId, ct))!;
        await transaction.CommitAsync(ct);
        return Answers.Ok(answer, answer.Version);
    }
}

using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Gives up to 10,000 members another status, in one statement. Who responds with it for the first time is noted (CM2).</summary>
internal static class MoveMembers
{
    /// <summary>The new status and the members.</summary>
    internal sealed record Request(Guid StatusId, IReadOnlyList<Guid> MemberIds);

    /// <summary>How many have another status now, had it already, and were not there (or not for you to see).</summary>
    internal sealed record Response(int Changed, int Unchanged, int NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, CampaignsDb db, CampaignAccess access, MemberWriting writing, TimeProvider clock, CancellationToken ct)
    {
        var ids = request.MemberIds.Distinct().ToArray();
        if (ids.Length > MemberWriting.Most) return Problems.Unprocessable("too-many", $"A call changes at most {MemberWriting.Most:N0} members. Send the rest in another one.");

        return await db.InTransaction<Results<Ok<Response>, ProblemHttpResult>>(async () =>
        {
            if (await access.LockForMembers(id, ct) is not { } campaign) return Problems.NotFound();
            var (found, changed) = await writing.MoveTo(campaign.StatusOrDefault(request.StatusId, "statusId"), ids, clock.GetUtcNow(), ct);
            return TypedResults.Ok(new Response(changed, found - changed, ids.Length - found));
        }, ct);
    }
}

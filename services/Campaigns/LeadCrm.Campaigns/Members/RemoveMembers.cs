using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Removes up to 10,000 members, in one statement.</summary>
internal static class RemoveMembers
{
    /// <summary>The members.</summary>
    internal sealed record Request(IReadOnlyList<Guid> MemberIds);

    /// <summary>How many are removed, and how many were not there (or not for you to see).</summary>
    internal sealed record Response(int Removed, int NotFound);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, CampaignsDb db, CampaignAccess access, MemberWriting writing, TimeProvider clock, CancellationToken ct)
    {
        var ids = request.MemberIds.Distinct().ToArray();
        if (ids.Length > MemberWriting.Most) return Problems.Unprocessable("too-many", $"A call removes at most {MemberWriting.Most:N0} members. Send the rest in another one.");

        return await db.InTransaction<Results<Ok<Response>, ProblemHttpResult>>(async () =>
        {
            if (await access.LockForMembers(id, ct) is null) return Problems.NotFound();
            var removed = await writing.Remove(id, ids, clock.GetUtcNow(), ct);
            return TypedResults.Ok(new Response(removed, ids.Length - removed));
        }, ct);
    }
}

using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>Who changed what of a member, newest first: also the conversion that made a lead's membership the contact's.</summary>
internal static class GetMemberHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(
        Guid id, Guid memberId, HttpRequest request, CampaignsDb db, MembersInSight sight, CancellationToken ct) =>
        await sight.Find(id, memberId, ct) is null ? Problems.NotFound() : TypedResults.Ok(await History.Page(db, "campaignMember", memberId, request, ct));
}

using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Who changed which field of a campaign or its member statuses, newest first; also of one in the recycle bin.</summary>
internal static class GetCampaignHistory
{
    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, CampaignsDb db, CampaignAccess access, CancellationToken ct) =>
        await access.Visible().IgnoreQueryFilters([PlatformModel.RecycleBin]).AnyAsync(c => c.Id == id, ct) ? TypedResults.Ok(await History.Page(db, "campaign", id, request, ct)) : Problems.NotFound();
}

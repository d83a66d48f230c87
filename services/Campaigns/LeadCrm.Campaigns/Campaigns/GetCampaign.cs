using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Reads a campaign with its member statuses.</summary>
internal static class GetCampaign
{
    internal static async Task<Results<VersionedOk<CampaignResponse>, ProblemHttpResult>> Handle(Guid id, CampaignAccess access, CancellationToken ct) =>
        await access.Find(id, ct) is { } campaign ? Answers.Ok(CampaignResponse.Of(campaign), campaign.Version) : Problems.NotFound();
}

using LeadCrm.Campaigns.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Takes a campaign out of the recycle bin, with its members.</summary>
internal static class RestoreCampaign
{
    internal static async Task<Results<VersionedOk<CampaignResponse>, ProblemHttpResult>> Handle(Guid id, CampaignAccess access, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindDeletedForEdit(id, ct) is not { } campaign) return Problems.NotFound();

        var now = clock.GetUtcNow();
        campaign.Restore(Actor.Current.UserId, now);
        await access.Save(campaign, ChangeKind.Restored, now, ct);
        return Answers.Ok(CampaignResponse.Of(campaign), campaign.Version);
    }
}

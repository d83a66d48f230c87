using LeadCrm.Campaigns.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Puts a campaign into the recycle bin. Its members are out of sight with it, and come back with it.</summary>
internal static class DeleteCampaign
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, CampaignAccess access, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await access.FindForEdit(id, ct) is not { } campaign) return Problems.NotFound();
        Versions.Check(expected, campaign.Version);

        var now = clock.GetUtcNow();
        campaign.Delete(Actor.Current.UserId, now);
        await access.Save(campaign, ChangeKind.Deleted, now, ct);
        return TypedResults.NoContent();
    }
}

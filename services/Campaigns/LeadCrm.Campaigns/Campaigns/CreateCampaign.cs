using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Creates a campaign (CM8) with the statuses Sent and Responded (CM1).</summary>
internal static class CreateCampaign
{
    internal static async Task<VersionedCreated<CampaignResponse>> Handle(
        CampaignInput request, CampaignsDb db, CampaignAccess access, CampaignReferences references, TimeProvider clock, CancellationToken ct)
    {
        var (id, now, actor) = (Guid.CreateVersion7(), clock.GetUtcNow(), Actor.Current.UserId);
        var errors = new FieldErrors();
        var input = request.Normalised(errors);
        await references.Check(id, input, before: null, errors, ct);
        errors.ThrowIfAny();

        var campaign = Campaign.Create(id, input, input.OwnerId ?? actor, actor, now);
        db.Campaigns.Add(campaign);
        await access.Save(campaign, ChangeKind.Created, now, ct);
        return Answers.Created($"/api/campaigns/{id}", CampaignResponse.Of(campaign), campaign.Version);
    }
}

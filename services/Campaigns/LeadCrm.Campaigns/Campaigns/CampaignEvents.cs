using System.Text.Json;
using LeadCrm.Campaigns.Contracts;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>What other services hear of a campaign.</summary>
internal static class CampaignEvents
{
    /// <summary>The campaign's full state as it will be once the running change is saved; published in that same commit.</summary>
    public static CampaignChanged Changed(this Campaign campaign, ChangeKind kind, DateTimeOffset at) => new()
    {
        Kind = kind,
        CampaignId = campaign.Id,
        Version = kind == ChangeKind.Created ? 1 : campaign.Version + 1,
        Name = campaign.Name,
        Type = campaign.Type,
        Status = JsonNamingPolicy.CamelCase.ConvertName(campaign.Status.ToString()),
        ParentCampaignId = campaign.ParentCampaignId,
        StartsOn = campaign.StartsOn,
        EndsOn = campaign.EndsOn,
        ExpectedResponse = campaign.ExpectedResponse,
        Budget = campaign.Budget,
        ActualCost = campaign.ActualCost,
        Currency = campaign.Currency,
        OwnerId = campaign.OwnerId,
        ActorId = CampaignAccess.ActorId,
        At = at,
    };
}

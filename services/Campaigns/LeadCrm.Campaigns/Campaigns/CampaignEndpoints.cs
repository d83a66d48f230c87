using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Members;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>What can be done with campaigns and their members over HTTP.</summary>
internal static class CampaignEndpoints
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup("/api/campaigns").WithTags("Campaigns").RequirePermission("campaigns.read").WithIdempotency<CampaignsDb>();
        campaigns.MapGet("/", ListCampaigns.Handle).WithSummary("List campaigns: filters, sort, search");
        campaigns.MapPost("/", CreateCampaign.Handle).RequirePermission("campaigns.create").WithSummary("Create a campaign").WithExample(new { name = "Spring fair", type = "Trade show" });
        campaigns.MapBulk<CampaignsDb, Campaign, CampaignBulk>();
        campaigns.MapGet("/search", SearchCampaigns.Handle).WithSummary("Find campaigns by what people remember of them");
        campaigns.MapGet("/{id:guid}", GetCampaign.Handle).WithSummary("Read a campaign");
        campaigns.MapPatch("/{id:guid}", ChangeCampaign.Handle).RequirePermission("campaigns.edit").WithSummary("Change fields of a campaign");
        campaigns.MapDelete("/{id:guid}", DeleteCampaign.Handle).RequirePermission("campaigns.delete").WithSummary("Move a campaign to the recycle bin");
        campaigns.MapPost("/{id:guid}/restore", RestoreCampaign.Handle).RequirePermission("campaigns.delete").WithSummary("Bring a campaign back from the recycle bin");
        campaigns.MapGet("/{id:guid}/history", GetCampaignHistory.Handle).WithSummary("Every change of a campaign");
        campaigns.MapGet("/{id:guid}/hierarchy", GetHierarchy.Handle).WithSummary("The tree that a campaign stands in");
        campaigns.MapPut("/{id:guid}/member-statuses", ChangeMemberStatuses.Handle).RequirePermission("campaigns.edit").WithSummary("Replace the member statuses");
        campaigns.MapGet("/influence", ListInfluence.Handle).RequirePermission("opportunities.read").WithSummary("Which campaigns influenced which opportunities");
        campaigns.MapGet("/memberships", ListMemberships.Handle).WithSummary("The campaigns of a lead or contact");
        campaigns.MapMembers();
    }
}

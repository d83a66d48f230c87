using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.Members;

/// <summary>What can be done with the members of a campaign.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder campaigns)
    {
        var members = campaigns.MapGroup("/{id:guid}/members").WithTags("Members");
        members.MapGet("/", ListMembers.Handle).WithSummary("List the members: filters, sort, search");
        members.MapGet("/counts", CountMembers.Handle).WithSummary("How many members there are in which status");
        members.MapPost("/", AddMember.Handle).RequirePermission("campaigns.edit").WithSummary("Add a lead or contact").WithExample(new { leadId = Guid.Empty });
        members.MapPost("/from-list", AddMembersFromList.Handle).RequirePermission("campaigns.edit").WithSummary("Add up to 10,000 leads and contacts by id");
        members.MapPost("/from-leads", AddMembersFromLeads.Handle).RequirePermission("campaigns.edit").WithSummary("Add the leads of a filtered list");
        members.MapPost("/from-file", AddMembersFromFile.Handle).RequirePermission("campaigns.edit").Accepts<string>("text/csv").WithSummary("Add the people of a CSV file, by e-mail or id");
        members.MapPost("/status", MoveMembers.Handle).RequirePermission("campaigns.edit").WithSummary("Give up to 10,000 members another status");
        members.MapPost("/remove", RemoveMembers.Handle).RequirePermission("campaigns.edit").WithSummary("Remove up to 10,000 members");
        members.MapGet("/{memberId:guid}", GetMember.Handle).WithSummary("Read a member");
        members.MapPatch("/{memberId:guid}", ChangeMember.Handle).RequirePermission("campaigns.edit").WithSummary("Give a member another status");
        members.MapDelete("/{memberId:guid}", RemoveMember.Handle).RequirePermission("campaigns.edit").WithSummary("Remove a member");
        members.MapPost("/{memberId:guid}/restore", RestoreMember.Handle).RequirePermission("campaigns.edit").WithSummary("Bring a removed member back");
        members.MapGet("/{memberId:guid}/history", GetMemberHistory.Handle).WithSummary("Every change of a member");
    }
}

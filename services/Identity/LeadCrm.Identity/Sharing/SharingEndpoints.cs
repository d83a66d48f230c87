using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Identity.Sharing;

/// <summary>Owner-based sharing rules, for those who manage the settings.</summary>
internal static class SharingEndpoints
{
    public static void MapSharingRules(this IEndpointRouteBuilder app)
    {
        var rules = app.MapGroup("/api/sharing-rules").WithTags("Sharing").RequirePermission(Permissions.ManageSetup);
        rules.MapGet("/", ReadSharingRules.List).WithSummary("List sharing rules");
        rules.MapPost("/", CreateSharingRule.Handle).WithIdempotency<RouteHandlerBuilder, IdentityDb>().WithSummary("Share what one team owns with another")
            .WithExample(new { recordType = "account", ownedByTeamId = Guid.Empty, sharedWithTeamId = Guid.Empty, access = "read" });
        rules.MapGet("/{id:guid}", ReadSharingRules.One).WithSummary("Read a sharing rule");
        rules.MapPut("/{id:guid}", ChangeSharingRule.Handle).WithSummary("Change a sharing rule");
        rules.MapDelete("/{id:guid}", DeleteSharingRule.Handle).WithSummary("Take a sharing rule back");
        rules.MapGet("/{id:guid}/history", ReadSharingRules.Past).WithSummary("Every change of a sharing rule");
    }
}

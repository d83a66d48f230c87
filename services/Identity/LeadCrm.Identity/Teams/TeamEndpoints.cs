using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Identity.Teams;

/// <summary>Teams: everybody signed in reads the tree, those who manage users change it.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        var everybody = app.MapGroup("/api/teams").WithTags("Teams").RequireSignedIn();
        everybody.MapGet("/", ReadTeams.List).WithSummary("List teams");
        everybody.MapGet("/{id:guid}", ReadTeams.One).WithSummary("Read a team");

        var managers = app.MapGroup("/api/teams").WithTags("Teams").RequirePermission(Permissions.ManageUsers);
        managers.MapPost("/", CreateTeam.Handle).WithIdempotency<RouteHandlerBuilder, IdentityDb>().WithSummary("Make a team").WithExample(new { name = "Field sales" });
        managers.MapGet("/{id:guid}/history", DirectoryHistory.OfTeam).WithSummary("Every change of a team");
        managers.MapPatch("/{id:guid}", ChangeTeam.Handle).WithSummary("Rename a team, change its manager or its place in the tree");
        managers.MapDelete("/{id:guid}", DeleteTeam.Handle).WithSummary("Delete a team, moving its members and sub-teams with moveTo=ID");
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Teams;

/// <summary>The team tree, for everybody who is signed in: each team names the one above it.</summary>
internal static class ReadTeams
{
    private static readonly ListFields<Team> Fields = new ListFields<Team>()
        .Add("id", team => team.Id)
        .Add("name", team => team.Name)
        .Add("parentId", team => team.ParentId)
        .Add("managerId", team => team.ManagerId);

    internal static Task<ListPage<TeamResponse>> List(HttpRequest request, IdentityDb db, CancellationToken ct) =>
        Lists.Page(db.Teams.AsNoTracking().Where(team => team.DeletedAt == null), Fields, request, "name,id",
            team => new TeamResponse(team.Id, team.Name, team.ParentId, team.ManagerId, team.Version), ct);

    internal static async Task<Results<VersionedOk<TeamResponse>, ProblemHttpResult>> One(Guid id, IdentityDb db, CancellationToken ct)
    {
        var team = await db.Teams.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, ct);
        return team is null ? Problems.NotFound() : Answers.Ok(TeamResponse.Of(team), team.Version);
    }
}

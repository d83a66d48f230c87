using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Teams;

/// <summary>Renames a team, gives it another manager or moves it, with all that is below it, to another place of the tree.</summary>
internal static class ChangeTeam
{
    internal static async Task<Results<VersionedOk<TeamResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<TeamInput> patch, HttpContext http, IdentityDb db, DirectoryChanges directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        var teams = await db.Teams.Where(t => t.DeletedAt == null).ToListAsync(ct);
        if (teams.Find(t => t.Id == id) is not { } team) return Problems.NotFound();
        Versions.Check(expected, team.Version);

        var input = patch.ApplyTo(new TeamInput(team.Name, team.ParentId, team.ManagerId));
        await input.Check(db, id, team.ManagerId, ct);
        team.Rename(input.Name.Trim());
        team.LedBy(input.ManagerId);
        team.MoveUnder(input.ParentId, TeamTree.Of(teams));

        if (db.ChangeTracker.HasChanges()) await change.Changed(team, ct);
        await change.Commit(ct);
        return Answers.Ok(TeamResponse.Of(team), team.Version);
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Teams;

/// <summary>Deletes a team that is empty, or first moves its members and the teams below it to another team.</summary>
internal static class DeleteTeam
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid? moveTo, HttpContext http, IdentityDb db, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var change = await directory.Begin(ct);
        var teams = await db.Teams.Where(t => t.DeletedAt == null).ToListAsync(ct);
        if (teams.Find(t => t.Id == id) is not { } team) return Problems.NotFound();
        Versions.Check(expected, team.Version);

        var below = teams.Where(t => t.ParentId == id).ToList();
        var members = await db.Users.Include(u => u.Roles).Where(u => u.TeamId == id).OrderBy(u => u.Id).ToListAsync(ct);
        if (moveTo is null && (below.Count > 0 || members.Count > 0))
        {
            return Problems.Conflict("team-not-empty", "The team has members or teams below it. Say with moveTo=ID which team takes them over.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["members"] = members.Count, ["teams"] = below.Count });
        }

        if (moveTo is { } target)
        {
            if (target == id || !teams.Exists(t => t.Id == target)) return Problems.Unprocessable("no-such-team", "The team that should take over does not exist.");
            var tree = TeamTree.Of(teams);
            foreach (var child in below)
            {
                // Refused when the team that takes over stands below the child: it cannot be its own parent's parent.
                child.MoveUnder(target, tree);
                await change.Changed(child, ct);
            }
            foreach (var member in members)
            {
                member.JoinTeam(target);
                await change.Changed(member, ct);
            }
        }

        // A rule that named the team shares nothing any more.
        foreach (var rule in await db.SharingRules.Where(r => r.DeletedAt == null && (r.OwnedByTeamId == id || r.SharedWithTeamId == id)).OrderBy(r => r.Id).ToListAsync(ct))
        {
            rule.Delete(clock.GetUtcNow());
            await change.Changed(rule, ct);
        }
        team.Delete(clock.GetUtcNow());
        await change.Changed(team, ct);
        await change.Commit(ct);
        return TypedResults.NoContent();
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Directory;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Teams;

/// <summary>Makes a team, at the root or below another one.</summary>
internal static class CreateTeam
{
    internal static async Task<VersionedCreated<TeamResponse>> Handle(TeamInput input, IdentityDb db, DirectoryChanges directory, TimeProvider clock, CancellationToken ct)
    {
        await using var change = await directory.Begin(ct);
        var id = Guid.CreateVersion7();
        await input.Check(db, id, managerNow: null, ct);

        var team = new Team(id, input.Name.Trim(), input.ParentId, input.ManagerId, clock.GetUtcNow());
        db.Teams.Add(team);
        await change.Changed(team, ct);
        await change.Commit(ct);
        return Answers.Created($"/api/teams/{id}", TeamResponse.Of(team), team.Version);
    }
}

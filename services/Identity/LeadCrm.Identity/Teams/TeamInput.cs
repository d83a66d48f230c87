using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Teams;

/// <summary>What administrators say about a team, when it is made and when it is changed.</summary>
/// <param name="Name">Name as shown to people; unique among the teams beside it.</param>
/// <param name="ParentId">The team above; null: a root.</param>
/// <param name="ManagerId">Who leads it: an active user.</param>
internal sealed record TeamInput(string Name, Guid? ParentId = null, Guid? ManagerId = null)
{
    private const int LongestName = 100;

    /// <summary>Everything that is wrong with the input, at once. The manager who is there already may stay, even when deactivated since.</summary>
    public async Task Check(IdentityDb db, Guid teamId, Guid? managerNow, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(Name)) errors.Add("name", "A team needs a name.");
        else if (Name.Length > LongestName) errors.Add("name", $"A name has at most {LongestName} characters.");
        else if (await db.Teams.AnyAsync(team => team.Id != teamId && team.ParentId == ParentId && team.DeletedAt == null && team.Name == Name.Trim(), ct))
            errors.Add("name", "There is another team of this name beside it.");

        if (ParentId is { } parent && !await db.Teams.AnyAsync(team => team.Id == parent && team.DeletedAt == null, ct))
            errors.Add("parentId", "There is no such team.");
        if (ManagerId is { } manager && manager != managerNow && !await db.Users.AnyAsync(user => user.Id == manager && user.IsActive, ct))
            errors.Add("managerId", "There is no such active user.");
        errors.ThrowIfAny();
    }
}

/// <summary>A team of the tree.</summary>
/// <param name="Id">The team's id.</param>
/// <param name="Name">Name as shown to people.</param>
/// <param name="ParentId">The team above; null: a root.</param>
/// <param name="ManagerId">Who leads it.</param>
/// <param name="Version">Entity tag.</param>
internal sealed record TeamResponse(Guid Id, string Name, Guid? ParentId, Guid? ManagerId, long Version)
{
    public static TeamResponse Of(Team team) => new(team.Id, team.Name, team.ParentId, team.ManagerId, team.Version);
}

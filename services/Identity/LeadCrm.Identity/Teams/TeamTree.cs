using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Teams;

/// <summary>Which team stands above which: decides without a database whether a move keeps the tree a tree.</summary>
internal sealed class TeamTree(IReadOnlyDictionary<Guid, Guid?> parentOf)
{
    public static TeamTree Of(IEnumerable<Team> teams) =>
        new(teams.Where(team => team.DeletedAt is null).ToDictionary(team => team.Id, team => team.ParentId));

    /// <summary>Refuses a parent that is the team itself or stands below it.</summary>
    public void DemandNoCycle(Guid team, Guid? newParent)
    {
        if (newParent is { } parent && PathToRoot(parent).Contains(team))
            throw new DomainRuleException("team-cycle", "A team cannot stand below itself.");
    }

    /// <summary>The team and everything above it, nearest first.</summary>
    public IEnumerable<Guid> PathToRoot(Guid team)
    {
        // A broken chain in the data must end the walk and not hang it.
        var seen = new HashSet<Guid>();
        for (Guid? at = team; at is { } id && seen.Add(id); at = parentOf.GetValueOrDefault(id))
            yield return id;
    }
}

using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>One version of the directory, put in order so that a user's scope is read off it without looking at everybody.</summary>
internal sealed class TeamTree
{
    private readonly IDirectory directory;
    private readonly Dictionary<Guid, DirectoryTeam> teams;
    private readonly ILookup<Guid, Guid> below;
    private readonly ILookup<Guid, Guid> managedBy;
    private readonly ILookup<Guid, Guid> members;
    private readonly ILookup<Guid, Guid> queuesOf;
    private readonly ILookup<string, DirectorySharingRule> rules;
    private readonly IReadOnlyDictionary<string, string> defaults;

    public TeamTree(IDirectory directory)
    {
        this.directory = directory;
        teams = directory.Teams.ToDictionary(team => team.Id);
        below = teams.Values.Where(team => team.ParentId is not null).ToLookup(team => team.ParentId!.Value, team => team.Id);
        managedBy = teams.Values.Where(team => team.ManagerId is not null).ToLookup(team => team.ManagerId!.Value, team => team.Id);
        // Who leads a team and belongs to none counts as a member of it, so that the managers above see what he owns.
        var leaders = teams.Values.Where(team => team.ManagerId is { } manager && directory.FindUser(manager) is { TeamId: null })
            .Select(team => (Team: team.Id, User: team.ManagerId!.Value));
        members = directory.Users.Where(user => user.TeamId is not null).Select(user => (Team: user.TeamId!.Value, User: user.Id))
            .Concat(leaders).ToLookup(member => member.Team, member => member.User);
        queuesOf = directory.Queues.SelectMany(queue => queue.Members.Select(member => (Member: member, Queue: queue.QueueId))).ToLookup(held => held.Member, held => held.Queue);
        rules = directory.SharingRules.ToLookup(rule => rule.RecordType, StringComparer.Ordinal);
        defaults = directory.Organisation?.SharingDefaults ?? SharingDefaults.Shipped;
    }

    public Scope ScopeOf(Guid user, string recordType, Reach held)
    {
        var step = defaults.TryGetValue(recordType, out var said) ? said : SharingDefaults.Shipped.GetValueOrDefault(recordType);
        var open = SharingDefaults.ReachOf(step);

        // One's own, and what the members of the teams own that one leads.
        var leads = TeamsBelow(managedBy[user]);
        HashSet<Guid> full = [user, .. leads.SelectMany(team => members[team])];
        HashSet<Guid> visible = [.. full], editable = [.. full];

        var mine = new HashSet<Guid>(leads);
        mine.UnionWith(PathToRoot(directory.FindUser(user)?.TeamId));
        foreach (var team in managedBy[user]) mine.UnionWith(PathToRoot(team));
        foreach (var rule in rules[recordType].Where(rule => mine.Contains(rule.SharedWithTeamId)))
        {
            foreach (var owner in TeamsBelow([rule.OwnedByTeamId]).SelectMany(team => members[team]))
            {
                visible.Add(owner);
                if (rule.CanEdit) editable.Add(owner);
            }
        }
        return new Scope(open > held ? open : held, visible, editable, full, [.. queuesOf[user]]);
    }

    /// <summary>The teams and all below them. A circle in the data ends the walk and does not hang it.</summary>
    private HashSet<Guid> TeamsBelow(IEnumerable<Guid> roots)
    {
        HashSet<Guid> seen = [];
        var open = new Stack<Guid>(roots);
        while (open.TryPop(out var team))
        {
            if (!teams.ContainsKey(team) || !seen.Add(team)) continue;
            foreach (var child in below[team]) open.Push(child);
        }
        return seen;
    }

    private HashSet<Guid> PathToRoot(Guid? team)
    {
        HashSet<Guid> path = [];
        for (var at = team; at is { } id && teams.TryGetValue(id, out var known) && path.Add(id); at = known.ParentId)
        {
        }
        return path;
    }
}

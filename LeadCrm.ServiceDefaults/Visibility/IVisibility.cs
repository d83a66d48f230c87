using System.Collections.Concurrent;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>Who may see what: by owner, the team tree, queues, sharing rules and the organisation's defaults.</summary>
public interface IVisibility
{
    /// <summary>What the current actor may see and change of a kind of record, such as <c>lead</c>.</summary>
    Scope Of(string recordType);
}

/// <summary>Names of the permissions that open everything.</summary>
public static class DataPermissions
{
    /// <summary>See every record, whoever owns it.</summary>
    public const string ViewAll = "data.viewAll";
    /// <summary>Change every record, whoever owns it.</summary>
    public const string EditAll = "data.editAll";
}

/// <summary>
/// Scopes from the replicated directory. The tree is put in order once per version of the directory and each scope computed once per
/// user, object and version: a request costs a look-up.
/// </summary>
internal sealed class DirectoryVisibility(IDirectory directory) : IVisibility
{
    private volatile Snapshot snapshot = new(-1, null);

    public Scope Of(string recordType)
    {
        var actor = Actor.Current;
        if (actor.IsSystem) return Scope.Everything;
        var reach = actor.Has(DataPermissions.EditAll) ? Reach.Transfer : actor.Has(DataPermissions.ViewAll) ? Reach.Read : Reach.None;
        return Current().Scopes.GetOrAdd((actor.UserId, recordType, reach), static (key, current) => current.Compute(key.User, key.Type, key.Reach), Current());
    }

    private Snapshot Current()
    {
        var version = directory.Version;
        var now = snapshot;
        if (now.Version == version) return now;
        // Two requests may both compute it; the later one stays.
        return snapshot = new Snapshot(version, new TeamTree(directory));
    }

    private sealed class Snapshot(long version, TeamTree? tree)
    {
        public long Version => version;

        public ConcurrentDictionary<(Guid User, string Type, Reach Reach), Scope> Scopes { get; } = new();

        public Scope Compute(Guid user, string recordType, Reach held) => tree!.ScopeOf(user, recordType, held);
    }
}

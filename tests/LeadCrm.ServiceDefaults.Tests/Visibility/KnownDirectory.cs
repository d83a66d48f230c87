using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.ServiceDefaults.Tests.Visibility;

/// <summary>A directory that a test writes down by name; counts how often all users were looked at.</summary>
internal sealed class KnownDirectory : IDirectory
{
    private readonly Dictionary<string, Guid> ids = [];
    private readonly Dictionary<Guid, DirectoryUser> users = [];
    private readonly Dictionary<Guid, DirectoryTeam> teams = [];
    private readonly List<DirectorySharingRule> rules = [];
    private readonly List<QueueMembers> queues = [];

    public int Scans { get; private set; }

    public IReadOnlyCollection<DirectoryUser> Users
    {
        get
        {
            Scans++;
            return users.Values;
        }
    }

    public IReadOnlyCollection<DirectoryTeam> Teams => teams.Values;
    public DirectoryOrganisation? Organisation { get; private set; }
    public IReadOnlyCollection<DirectorySharingRule> SharingRules => rules;
    public IReadOnlyCollection<QueueMembers> Queues => queues;
    public long Version { get; private set; }

    public Guid this[string name] => ids.TryGetValue(name, out var id) ? id : ids[name] = Guid.CreateVersion7();

    public DirectoryUser? FindUser(Guid id) => users.GetValueOrDefault(id);
    public DirectoryTeam? FindTeam(Guid id) => teams.GetValueOrDefault(id);
    public bool IsRevoked(Guid sessionId) => false;

    public KnownDirectory Team(string name, string? parent = null, string? manager = null)
    {
        teams[this[name]] = new DirectoryTeam(this[name], name, parent is null ? null : this[parent], manager is null ? null : this[manager], ++Version);
        return this;
    }

    public KnownDirectory User(string name, string? team = null)
    {
        users[this[name]] = new DirectoryUser(this[name], name, name + "@example.com", true, team is null ? null : this[team], [], new HashSet<string>(), ++Version);
        return this;
    }

    public KnownDirectory Rule(string recordType, string ownedBy, string sharedWith, bool canEdit = false)
    {
        rules.Add(new DirectorySharingRule(Guid.CreateVersion7(), recordType, this[ownedBy], this[sharedWith], canEdit, ++Version));
        return this;
    }

    public KnownDirectory Queue(string name, params string[] members)
    {
        queues.Add(new QueueMembers(this[name], ++Version, name, [.. members.Select(member => this[member])], IsDeleted: false));
        return this;
    }

    public KnownDirectory Default(string recordType, string step)
    {
        Organisation = new DirectoryOrganisation("Org", "Etc/UTC", "EUR", 1, new Dictionary<string, string> { [recordType] = step }, ++Version);
        return this;
    }
}

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>A kind of record that services keep copies of, where its owner tells of it, and where the copies lie.</summary>
/// <param name="Kind">What people call it.</param>
/// <param name="Owner">The service that owns it.</param>
/// <param name="Feed">Its feed, without a cursor.</param>
/// <param name="Cursor">The feed's parameter for the place to go on from.</param>
/// <param name="First">The cursor's value at the beginning.</param>
/// <param name="Items">The feed's list.</param>
/// <param name="Id">The id of an item.</param>
/// <param name="Part">What a service that keeps a copy calls it in <c>platform.read_models</c>.</param>
/// <param name="Copy">Ids and versions of a copy.</param>
internal sealed record CopiedKind(string Kind, string Owner, string Feed, string Cursor, string First, string Items, string Id, string Part, string Copy)
{
    public static readonly IReadOnlyList<CopiedKind> All =
    [
        new("users", "identity", "/internal/directory/changes?limit=500", "since", "0", "users", "userId", "directory", "select id, version from platform.directory_users"),
        Access("lead", "leads"), Access("account", "accounts"), Access("contact", "accounts"), Access("opportunity", "opportunities"), Access("campaign", "campaigns"),
        new("queues", "leads", "/internal/access/queues?limit=1000", "after", Start, "queues", "queueId", "record-access:queue", "select queue_id, version from platform.queue_members"),
        new("accounts to match", "accounts", "/internal/accounts/changes?limit=1000", "after", Start, "records", "accountId", "account-matches:account", "select id, version from known_accounts"),
        new("opportunities to match", "opportunities", "/internal/opportunities/changes?limit=1000", "after", Start, "records", "opportunityId", "account-matches:opportunity", "select id, version from known_opportunities"),
    ];

    private const string Start = "00000000-0000-0000-0000-000000000000";

    /// <summary>By which name a service has it read anew, with others.</summary>
    public string ReadModel => Part.Split(':')[0];

    private static CopiedKind Access(string type, string owner) => new(
        $"owners of {type}s", owner, $"/internal/access/changes?type={type}&limit=5000", "after", Start, "records", "recordId", $"record-access:{type}",
        $"select record_id, version from platform.record_access where record_type = '{type}'");
}

/// <summary>How one service's copy of one kind of record differs from what its owner says.</summary>
/// <param name="Service">The service with the copy.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Records">How many the owner has.</param>
/// <param name="Missing">Not in the copy.</param>
/// <param name="OtherVersion">In both, in different versions.</param>
/// <param name="TooMany">In the copy only.</param>
internal sealed record CopyDifference(string Service, string Kind, int Records, int Missing, int OtherVersion, int TooMany)
{
    public int Count => Missing + OtherVersion + TooMany;
}

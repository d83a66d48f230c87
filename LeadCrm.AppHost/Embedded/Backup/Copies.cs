using System.Text.Json;
using Npgsql;

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
/// <param name="Copy">A copy's records: their ids and what <paramref name="Said"/> reads.</param>
/// <param name="Told">What the owner tells of a record, as a number: the same where the same is told.</param>
/// <param name="Said">The same of a copy's row.</param>
internal sealed record CopiedKind(
    string Kind, string Owner, string Feed, string Cursor, string First, string Items, string Id, string Part, string Copy, Func<JsonElement, long> Told, Func<NpgsqlDataReader, long> Said)
{
    public static readonly IReadOnlyList<CopiedKind> All =
    [
        new("users", "identity", "/internal/directory/changes?limit=500", "since", "0", "users", "userId", "directory", "select id, version from platform.directory_users", ToldVersion, SaidVersion),
        Access("lead", "leads"), Access("account", "accounts"), Access("contact", "accounts"), Access("opportunity", "opportunities"), Access("campaign", "campaigns"),
        new("queues", "leads", "/internal/access/queues?limit=1000", "after", Start, "queues", "queueId", "record-access:queue", "select queue_id, version from platform.queue_members", ToldVersion, SaidVersion),
        new("accounts to match", "accounts", "/internal/accounts/changes?limit=1000", "after", Start, "records", "accountId", "account-matches:account", "select id, version from known_accounts", ToldVersion, SaidVersion),
        new("opportunities to match", "opportunities", "/internal/opportunities/changes?limit=1000", "after", Start, "records", "opportunityId", "account-matches:opportunity", "select id, version from known_opportunities", ToldVersion, SaidVersion),
    ];

    private const string Start = "00000000-0000-0000-0000-000000000000";

    /// <summary>By which name a service has it read anew, with others.</summary>
    public string ReadModel => Part.Split(':')[0];

    /// <summary>By what is said of a record and not by its version: a change of what nobody keeps raises that for the owner alone.</summary>
    private static CopiedKind Access(string type, string owner) => new(
        $"owners of {type}s", owner, $"/internal/access/changes?type={type}&limit=5000", "after", Start, "records", "recordId", $"record-access:{type}",
        $"select record_id, owner_id, queue_id, is_deleted, name from platform.record_access where record_type = '{type}'",
        item => HashCode.Combine(IdIn(item, "ownerId"), IdIn(item, "queueId"), item.TryGetProperty("isDeleted", out var gone) && gone.GetBoolean(), item.GetProperty("name").GetString()),
        row => HashCode.Combine(row.GetFieldValue<Guid?>(1), row.GetFieldValue<Guid?>(2), row.GetBoolean(3), row.GetString(4)));

    private static long ToldVersion(JsonElement item) => item.GetProperty("version").GetInt64();

    private static long SaidVersion(NpgsqlDataReader row) => row.GetInt64(1);

    private static Guid? IdIn(JsonElement item, string name) => item.TryGetProperty(name, out var id) && id.ValueKind != JsonValueKind.Null ? id.GetGuid() : null;
}

/// <summary>How one service's copy of one kind of record differs from what its owner says.</summary>
/// <param name="Service">The service with the copy.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Records">How many the owner has.</param>
/// <param name="Missing">Not in the copy.</param>
/// <param name="SaysOther">In both, saying something else.</param>
/// <param name="TooMany">In the copy only.</param>
internal sealed record CopyDifference(string Service, string Kind, int Records, int Missing, int SaysOther, int TooMany)
{
    public int Count => Missing + SaysOther + TooMany;
}

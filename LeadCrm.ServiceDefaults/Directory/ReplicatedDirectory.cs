using System.Collections.Concurrent;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>
/// The directory in memory. Replicas share the tables and compete for the events, so each reads what changed in the tables every two
/// seconds: one batch over small indexes, cheaper than a queue per replica with its connection, its consumers and its race between
/// the event and the table.
/// </summary>
internal sealed class ReplicatedDirectory(NpgsqlDataSource dataSource, DatabaseReady ready, DirectoryStore store, TimeProvider clock, ILogger<ReplicatedDirectory> log)
    : BackgroundService, IDirectory, IStartCondition
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    /// <summary>Rows carry the time their transaction began; one that committed late is still seen within this time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private static readonly string[] Queries =
    [
        "select coalesce(max(generation), 0) from platform.read_models where name = 'directory'",
        "select id, version, name, email, is_active, team_id, roles, permissions from platform.directory_users where changed_at > $1",
        "select id, version, is_deleted, name, parent_id, manager_id from platform.directory_teams where changed_at > $1",
        "select version, name, time_zone, currency, first_fiscal_month, sharing from platform.directory_organisation where changed_at > $1",
        "select id, version, is_deleted, record_type, owned_by_team, shared_with, access from platform.directory_sharing_rules where changed_at > $1",
        "select queue_id, version, is_deleted, name, members from platform.queue_members where changed_at > $1",
        "select id, expires_at from platform.revoked_sessions where changed_at > $1",
        "select now()",
    ];

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> revoked = new();
    private readonly TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim reading = new(1);
    private volatile Known known = new(0);
    private long version;
    private DateTimeOffset since = DateTimeOffset.MinValue;

    string IStartCondition.Name => "the directory";
    Task IStartCondition.Met => read.Task;

    public long Version => Interlocked.Read(ref version);

    public IReadOnlyCollection<DirectoryUser> Users => known.Users.Present;

    public IReadOnlyCollection<DirectoryTeam> Teams => known.Teams.Present;

    public DirectoryOrganisation? Organisation => known.Organisation;

    public IReadOnlyCollection<DirectorySharingRule> SharingRules => known.Rules.Present;

    public IReadOnlyCollection<QueueMembers> Queues => known.Queues.Present;

    public DirectoryUser? FindUser(Guid id) => known.Users.Find(id);

    public DirectoryTeam? FindTeam(Guid id) => known.Teams.Find(id);

    public bool IsRevoked(Guid sessionId) => revoked.ContainsKey(sessionId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Read(stoppingToken);
                read.TrySetResult();
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException)
            {
                log.LogWarning("The directory could not be read ({Reason}); what is known stays in use", ex.Message);
            }
            await store.Changed.Wait(PollInterval, stoppingToken);
        }
    }

    internal async Task Read(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            if (!await Read(known, since, ct)) await Read(new Known(-1), DateTimeOffset.MinValue, ct);   // rebuilt: what is not in the tables any more must go
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Reads what changed into <paramref name="into"/>; false when that belongs to tables that were rebuilt since.</summary>
    private async Task<bool> Read(Known into, DateTimeOffset from, CancellationToken ct)
    {
        await using var batch = dataSource.CreateBatch();
        foreach (var sql in Queries)
        {
            var command = new NpgsqlBatchCommand(sql);
            if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = from });
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var generation = reader.GetInt64(0);
        if (into.Generation >= 0 && generation != into.Generation && from > DateTimeOffset.MinValue) return false;
        into.Generation = generation;

        var changed = !ReferenceEquals(into, known);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            changed |= into.Users.Keep(reader.GetGuid(0), reader.GetInt64(1), new DirectoryUser(
                reader.GetGuid(0), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4), Id(reader, 5), reader.GetFieldValue<string[]>(6),
                reader.GetFieldValue<string[]>(7).ToHashSet(StringComparer.Ordinal), reader.GetInt64(1)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            changed |= into.Teams.Keep(reader.GetGuid(0), reader.GetInt64(1), reader.GetBoolean(2) ? null : new DirectoryTeam(
                reader.GetGuid(0), reader.GetString(3), Id(reader, 4), Id(reader, 5), reader.GetInt64(1)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (into.Organisation is { } now && now.Version >= reader.GetInt64(0)) continue;
            into.Organisation = new DirectoryOrganisation(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5)) ?? [], reader.GetInt64(0));
            changed = true;
        }
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            changed |= into.Rules.Keep(reader.GetGuid(0), reader.GetInt64(1), reader.GetBoolean(2) ? null : new DirectorySharingRule(
                reader.GetGuid(0), reader.GetString(3), reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6) == "readWrite", reader.GetInt64(1)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            changed |= into.Queues.Keep(reader.GetGuid(0), reader.GetInt64(1), reader.GetBoolean(2) ? null : new QueueMembers(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(3), reader.GetFieldValue<Guid[]>(4), IsDeleted: false));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            revoked[reader.GetGuid(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        since = reader.GetFieldValue<DateTimeOffset>(0) - Overlap;

        known = into;
        if (changed) Interlocked.Increment(ref version);   // after the content: whoever sees the new number computes from the new rows
        var moment = clock.GetUtcNow();
        foreach (var (session, expiresAt) in revoked)
            if (expiresAt + Overlap < moment) revoked.TryRemove(session, out _);
        return true;
    }

    private static Guid? Id(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);

    private sealed class Known(long generation)
    {
        private volatile DirectoryOrganisation? organisation;

        public long Generation { get; set; } = generation;
        public Newest<DirectoryUser> Users { get; } = new();
        public Newest<DirectoryTeam> Teams { get; } = new();
        public Newest<DirectorySharingRule> Rules { get; } = new();
        public Newest<QueueMembers> Queues { get; } = new();
        public DirectoryOrganisation? Organisation { get => organisation; set => organisation = value; }
    }

    /// <summary>The newest version of each row; a tombstone is a row without content.</summary>
    private sealed class Newest<T> where T : class
    {
        private readonly ConcurrentDictionary<Guid, (long Version, T? Row)> rows = new();

        public IReadOnlyCollection<T> Present => [.. rows.Values.Select(row => row.Row).OfType<T>()];

        public T? Find(Guid id) => rows.TryGetValue(id, out var row) ? row.Row : null;

        /// <summary>Keeps what is newer than what is known; whether it was. One thread writes.</summary>
        public bool Keep(Guid id, long version, T? row)
        {
            if (rows.TryGetValue(id, out var now) && now.Version >= version) return false;
            rows[id] = (version, row);
            return true;
        }
    }
}

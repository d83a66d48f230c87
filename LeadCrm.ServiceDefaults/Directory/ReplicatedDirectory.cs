using System.Collections.Concurrent;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>
/// The directory in memory. Replicas share the tables and compete for the events, so each reads what changed in the tables every two
/// seconds: one query over three small indexes, cheaper than a queue per replica with its connection, its consumers and its race between
/// the event and the table.
/// </summary>
internal sealed class ReplicatedDirectory(NpgsqlDataSource dataSource, DatabaseReady ready, DirectoryStore store, TimeProvider clock, ILogger<ReplicatedDirectory> log)
    : BackgroundService, IDirectory, IStartCondition
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    /// <summary>Rows carry the time their transaction began; one that committed late is still seen within this time.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, DirectoryUser> users = new();
    private readonly ConcurrentDictionary<Guid, (DirectoryTeam Team, bool IsDeleted)> teams = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> revoked = new();
    private readonly TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset since = DateTimeOffset.MinValue;

    string IStartCondition.Name => "the directory";
    Task IStartCondition.Met => read.Task;

    public IReadOnlyCollection<DirectoryUser> Users => (IReadOnlyCollection<DirectoryUser>)users.Values;

    public DirectoryUser? FindUser(Guid id) => users.GetValueOrDefault(id);

    public DirectoryTeam? FindTeam(Guid id) => teams.TryGetValue(id, out var known) && !known.IsDeleted ? known.Team : null;

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
        await using var batch = dataSource.CreateBatch();
        foreach (var sql in new[]
        {
            "select id, name, email, is_active, team_id, roles, permissions, version from platform.directory_users where changed_at > $1",
            "select id, name, parent_id, manager_id, version, is_deleted from platform.directory_teams where changed_at > $1",
            "select id, expires_at from platform.revoked_sessions where changed_at > $1",
        })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = since } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select now()"));

        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            Keep(new DirectoryUser(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), Id(reader, 4),
                reader.GetFieldValue<string[]>(5), reader.GetFieldValue<string[]>(6).ToHashSet(StringComparer.Ordinal), reader.GetInt64(7)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            Keep(new DirectoryTeam(reader.GetGuid(0), reader.GetString(1), Id(reader, 2), Id(reader, 3), reader.GetInt64(4)), reader.GetBoolean(5));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
            revoked[reader.GetGuid(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        since = reader.GetFieldValue<DateTimeOffset>(0) - Overlap;

        var now = clock.GetUtcNow();
        foreach (var (session, expiresAt) in revoked)
            if (expiresAt + Overlap < now) revoked.TryRemove(session, out _);
    }

    private void Keep(DirectoryUser user) => users.AddOrUpdate(user.Id, user, (_, known) => user.Version > known.Version ? user : known);

    private void Keep(DirectoryTeam team, bool isDeleted) =>
        teams.AddOrUpdate(team.Id, (team, isDeleted), (_, known) => team.Version > known.Team.Version ? (team, isDeleted) : known);

    private static Guid? Id(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}

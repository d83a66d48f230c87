using LeadCrm.Identity.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>The directory's tables. Order and repetition do not matter: only a newer version replaces a row.</summary>
internal sealed class DirectoryStore(NpgsqlDataSource dataSource)
{
    /// <summary>Poked when this process has written something new.</summary>
    public WakeUp Changed { get; } = new();

    /// <summary>Keeps what is newer than what is known.</summary>
    public async Task Apply(IReadOnlyList<UserChanged> users, IReadOnlyList<TeamChanged> teams, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await Apply(connection, users, teams, ct);
        Changed.Poke();
    }

    /// <summary>The same on a consumer's connection, as part of its transaction; the next poll sees it.</summary>
    public static async Task Apply(NpgsqlConnection connection, IReadOnlyList<UserChanged> users, IReadOnlyList<TeamChanged> teams, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var user in users) batch.BatchCommands.Add(Upsert(user));
        foreach (var team in teams) batch.BatchCommands.Add(Upsert(team));
        if (batch.BatchCommands.Count == 0) return;
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Remembers an ended session, as part of a consumer's transaction.</summary>
    public static async Task Revoke(NpgsqlConnection connection, SessionRevoked revoked, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "insert into platform.revoked_sessions (id, expires_at) values ($1, $2) on conflict (id) do nothing", connection);
        command.Parameters.Add(new() { Value = revoked.SessionId });
        command.Parameters.Add(new() { Value = revoked.ExpiresAt.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Deletes revoked sessions whose tokens have all run out.</summary>
    public async Task Forget(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("delete from platform.revoked_sessions where expires_at < now() - interval '1 minute'");
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Upsert(UserChanged user) => new("""
        insert into platform.directory_users as known (id, version, name, email, is_active, team_id, roles, permissions)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do update set version = excluded.version, name = excluded.name, email = excluded.email, is_active = excluded.is_active,
            team_id = excluded.team_id, roles = excluded.roles, permissions = excluded.permissions, changed_at = now()
        where known.version < excluded.version
        """)
    {
        Parameters =
        {
            new() { Value = user.UserId }, new() { Value = user.Version }, new() { Value = user.Name }, new() { Value = user.Email },
            new() { Value = user.IsActive }, Id(user.TeamId), new() { Value = user.Roles.ToArray() }, new() { Value = user.Permissions.ToArray() },
        },
    };

    private static NpgsqlBatchCommand Upsert(TeamChanged team) => new("""
        insert into platform.directory_teams as known (id, version, name, parent_id, manager_id, is_deleted)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set version = excluded.version, name = excluded.name, parent_id = excluded.parent_id,
            manager_id = excluded.manager_id, is_deleted = excluded.is_deleted, changed_at = now()
        where known.version < excluded.version
        """)
    {
        Parameters =
        {
            new() { Value = team.TeamId }, new() { Value = team.Version }, new() { Value = team.Name }, Id(team.ParentId), Id(team.ManagerId),
            new() { Value = team.IsDeleted },
        },
    };

    private static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}

using System.Text.Json;
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
    /// <param name="news">Rows of the directory.</param>
    /// <param name="repair">True: a row of the same version is written again, in case the copy was damaged.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Apply(DirectoryNews news, bool repair, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await Apply(connection, news, repair, ct);
        Changed.Poke();
    }

    /// <summary>The same on a consumer's connection, as part of its transaction; the next poll sees it.</summary>
    public static async Task Apply(NpgsqlConnection connection, DirectoryNews news, bool repair, CancellationToken ct)
    {
        var older = repair ? "known.version <= excluded.version" : "known.version < excluded.version";
        await using var batch = new NpgsqlBatch(connection);
        // In one order everywhere, so that two writers do not wait for each other crosswise.
        foreach (var user in news.Users.OrderBy(u => u.UserId)) batch.BatchCommands.Add(Upsert(user, older));
        foreach (var team in news.Teams.OrderBy(t => t.TeamId)) batch.BatchCommands.Add(Upsert(team, older));
        if (news.Organisation is { } organisation) batch.BatchCommands.Add(Upsert(organisation, older));
        foreach (var rule in news.SharingRules.OrderBy(r => r.RuleId)) batch.BatchCommands.Add(Upsert(rule, older));
        if (batch.BatchCommands.Count == 0) return;
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Ends a rebuild: drops what Identity's feed did not have, unless it is newer than the end of the feed (an event brought it
    /// meanwhile), and makes every replica read its memory anew.
    /// </summary>
    public async Task DropAllBut(IReadOnlyCollection<Guid> users, IReadOnlyCollection<Guid> teams, IReadOnlyCollection<Guid> rules, long upTo, CancellationToken ct)
    {
        await using (var batch = dataSource.CreateBatch())
        {
            foreach (var (table, ids) in new[] { ("users", users), ("teams", teams), ("sharing_rules", rules) })
                batch.BatchCommands.Add(new($"delete from platform.directory_{table} where id <> all($1) and version <= $2")
                {
                    Parameters = { new() { Value = ids.ToArray() }, new() { Value = upTo } },
                });
            batch.BatchCommands.Add(new("update platform.read_models set generation = generation + 1 where name = 'directory'"));
            await batch.ExecuteNonQueryAsync(ct);   // one transaction
        }
        Changed.Poke();
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

    private static NpgsqlBatchCommand Upsert(UserChanged user, string older) => new($"""
        insert into platform.directory_users as known (id, version, name, email, is_active, team_id, roles, permissions)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do update set version = excluded.version, name = excluded.name, email = excluded.email, is_active = excluded.is_active,
            team_id = excluded.team_id, roles = excluded.roles, permissions = excluded.permissions, changed_at = now()
        where {older}
        """)
    {
        Parameters =
        {
            new() { Value = user.UserId }, new() { Value = user.Version }, new() { Value = user.Name }, new() { Value = user.Email },
            new() { Value = user.IsActive }, Id(user.TeamId), new() { Value = user.Roles.ToArray() }, new() { Value = user.Permissions.ToArray() },
        },
    };

    private static NpgsqlBatchCommand Upsert(TeamChanged team, string older) => new($"""
        insert into platform.directory_teams as known (id, version, name, parent_id, manager_id, is_deleted)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set version = excluded.version, name = excluded.name, parent_id = excluded.parent_id,
            manager_id = excluded.manager_id, is_deleted = excluded.is_deleted, changed_at = now()
        where {older}
        """)
    {
        Parameters =
        {
            new() { Value = team.TeamId }, new() { Value = team.Version }, new() { Value = team.Name }, Id(team.ParentId), Id(team.ManagerId),
            new() { Value = team.IsDeleted },
        },
    };

    private static NpgsqlBatchCommand Upsert(OrganisationChanged organisation, string older) => new($"""
        insert into platform.directory_organisation as known (id, version, name, time_zone, currency, first_fiscal_month, sharing)
        values (1, $1, $2, $3, $4, $5, $6)
        on conflict (id) do update set version = excluded.version, name = excluded.name, time_zone = excluded.time_zone,
            currency = excluded.currency, first_fiscal_month = excluded.first_fiscal_month, sharing = excluded.sharing, changed_at = now()
        where {older}
        """)
    {
        Parameters =
        {
            new() { Value = organisation.Version }, new() { Value = organisation.Name }, new() { Value = organisation.TimeZone },
            new() { Value = organisation.Currency }, new() { Value = organisation.FirstFiscalMonth },
            new() { Value = JsonSerializer.Serialize(organisation.SharingDefaults), NpgsqlDbType = NpgsqlDbType.Jsonb },
        },
    };

    private static NpgsqlBatchCommand Upsert(SharingRuleChanged rule, string older) => new($"""
        insert into platform.directory_sharing_rules as known (id, version, record_type, owned_by_team, shared_with, access, is_deleted)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update set version = excluded.version, record_type = excluded.record_type, owned_by_team = excluded.owned_by_team,
            shared_with = excluded.shared_with, access = excluded.access, is_deleted = excluded.is_deleted, changed_at = now()
        where {older}
        """)
    {
        Parameters =
        {
            new() { Value = rule.RuleId }, new() { Value = rule.Version }, new() { Value = rule.RecordType }, new() { Value = rule.OwnedByTeamId },
            new() { Value = rule.SharedWithTeamId }, new() { Value = rule.Access }, new() { Value = rule.IsDeleted },
        },
    };

    private static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}

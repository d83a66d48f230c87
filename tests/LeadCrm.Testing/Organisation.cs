using LeadCrm.ServiceDefaults.Directory;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Testing;

/// <summary>Sets up teams, sharing rules and defaults in a service's copy of the directory, as Identity's events would.</summary>
public static class Organisation
{
    /// <summary>A team with its members, who become known with it.</summary>
    public static async Task<Guid> Team(this ServiceFixture app, Guid? parent = null, TestUser? manager = null, params TestUser[] members)
    {
        var team = Guid.CreateVersion7();
        await app.Know(manager is null ? members : [.. members, manager]);
        await app.Database.Execute(
            "insert into platform.directory_teams (id, version, name, parent_id, manager_id, is_deleted) values ($1, 1, $2, $3, $4, false)",
            team, $"Team {team:N}", (object?)parent ?? DBNull.Value, (object?)manager?.Id ?? DBNull.Value);
        await app.Database.Execute(
            "update platform.directory_users set team_id = $1, version = version + 1, changed_at = now() where id = any($2)", team, members.Select(member => member.Id).ToArray());
        await app.Until(directory => directory.FindTeam(team) is not null && members.All(member => directory.FindUser(member.Id)?.TeamId == team));
        return team;
    }

    /// <summary>What everybody may do with everybody's records of a kind from now on.</summary>
    public static async Task Share(this ServiceFixture app, string recordType, string step)
    {
        await app.Database.Execute(
            """
            insert into platform.directory_organisation (id, version, name, time_zone, currency, first_fiscal_month, sharing)
            values (1, 1, 'Test', 'UTC', 'USD', 1, jsonb_build_object($1, $2))
            on conflict (id) do update set version = directory_organisation.version + 1, sharing = directory_organisation.sharing || excluded.sharing, changed_at = now()
            """, recordType, step);
        await app.Until(directory => directory.Organisation?.SharingDefaults.GetValueOrDefault(recordType) == step);
    }

    /// <summary>Where the organisation's days begin and end from now on, as an IANA time zone.</summary>
    public static async Task KeepTimeIn(this ServiceFixture app, string zone)
    {
        await app.Database.Execute(
            """
            insert into platform.directory_organisation (id, version, name, time_zone, currency, first_fiscal_month, sharing)
            values (1, 1, 'Test', $1, 'USD', 1, '{}')
            on conflict (id) do update set version = directory_organisation.version + 1, time_zone = excluded.time_zone, changed_at = now()
            """, zone);
        await app.Until(directory => directory.Organisation?.TimeZone == zone);
    }

    /// <summary>A rule that opens what members of one team own to another.</summary>
    public static async Task<Guid> ShareTeam(this ServiceFixture app, string recordType, Guid ownedBy, Guid sharedWith, bool canEdit = false)
    {
        var rule = Guid.CreateVersion7();
        await app.Database.Execute(
            "insert into platform.directory_sharing_rules (id, version, record_type, owned_by_team, shared_with, access, is_deleted) values ($1, 1, $2, $3, $4, $5, false)",
            rule, recordType, ownedBy, sharedWith, canEdit ? "readWrite" : "read");
        await app.Until(directory => directory.SharingRules.Any(known => known.Id == rule));
        return rule;
    }

    /// <summary>Takes a rule back.</summary>
    public static async Task Unshare(this ServiceFixture app, Guid rule)
    {
        await app.Database.Execute("update platform.directory_sharing_rules set is_deleted = true, version = version + 1, changed_at = now() where id = $1", rule);
        await app.Until(directory => directory.SharingRules.All(known => known.Id != rule));
    }

    private static async Task Until(this ServiceFixture app, Func<IDirectory, bool> known)
    {
        app.Services.GetRequiredService<QueueStore>().Refresh();
        var directory = app.Services.GetRequiredService<IDirectory>();
        await Eventually.Is(() => Task.FromResult(known(directory)), "the directory knows what was set up");
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Identity.Data;
using LeadCrm.Testing;
using Npgsql;

namespace LeadCrm.Identity.Tests.Functional;

[Collection<SharedInstallation>]
public sealed class DirectoryFeedTests(IdentityApp app)
{
    [Fact]
    public async Task The_feed_gives_users_and_teams_in_the_order_of_their_versions()
    {
        await app.NewTeam();
        await app.NewUser(withPassword: false);
        var rows = await ReadAll(0, limit: 3);
        rows.Count.ShouldBeGreaterThan(8);
        rows.Select(row => row.Version).ShouldBe(rows.Select(row => row.Version).Order());
    }

    [Fact]
    public async Task After_the_last_page_the_feed_answers_nothing_and_the_same_position()
    {
        var end = (await ReadAll(0, limit: 500))[^1].Version;
        var later = await Page(long.MaxValue - 1, 10);
        later.GetProperty("users").GetArrayLength().ShouldBe(0);
        later.GetProperty("next").GetInt64().ShouldBe(long.MaxValue - 1);
        (await ReadAll(end, limit: 500)).ShouldAllBe(row => row.Version > end);
    }

    [Fact]
    public async Task A_changed_user_appears_again_with_all_that_is_known_of_it()
    {
        var user = await app.NewUser("Marketing", withPassword: false);
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using (await app.Admin.Patch($"/api/users/{user.Id}", new { name = "Later Name" }, version)) { }
        var row = (await Page(version, 500)).GetProperty("users").EnumerateArray().Single(u => u.GetProperty("userId").GetGuid() == user.Id);
        row.GetProperty("name").GetString().ShouldBe("Later Name");
        row.GetProperty("email").GetString().ShouldBe(user.Email);
        row.GetProperty("roles").Strings().ShouldBe(["Marketing"]);
        row.GetProperty("permissions").Strings().ShouldContain("leads.import");
    }

    [Fact]
    public async Task A_deleted_team_appears_as_a_tombstone()
    {
        var team = await app.NewTeam();
        var (_, version) = await app.Admin.Read($"/api/teams/{team}");
        using (await app.Admin.Delete($"/api/teams/{team}", version)) { }
        (await Page(version, 500)).GetProperty("teams").EnumerateArray().Single(t => t.GetProperty("teamId").GetGuid() == team).GetProperty("isDeleted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_missed_by_a_reader_who_follows_while_others_write()
    {
        var seen = new HashSet<Guid>();
        var since = (await ReadAll(0, limit: 500))[^1].Version;
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var made = new List<Guid>();
            for (var i = 0; i < 15; i++) made.Add(await app.NewTeam());
            return made;
        }));
        while (!writing.IsCompleted) await Follow();
        await Follow();
        (await writing).SelectMany(made => made).Except(seen).ShouldBeEmpty();

        async Task Follow()
        {
            foreach (var row in await ReadAll(since, limit: 2))
            {
                seen.Add(row.Id);
                since = Math.Max(since, row.Version);
            }
        }
    }

    [Fact]
    public async Task A_change_waits_for_one_that_has_its_version_but_is_not_committed_yet()
    {
        var slow = await app.NewTeam();
        var since = (await ReadAll(0, limit: 500))[^1].Version;
        await using var connection = await app.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var change = new NpgsqlCommand($"""
            select pg_advisory_xact_lock({IdentityDb.DirectoryLock});
            update teams set version = nextval('{IdentityDb.DirectoryVersions}') where id = '{slow}'
            """, connection, transaction)) await change.ExecuteNonQueryAsync();

        var later = app.NewTeam();
        await Eventually.Is(() => app.Database.Scalar<bool>(
            "select exists (select from pg_locks where locktype = 'advisory' and not granted and (classid::bigint << 32 | objid::bigint) = $1)", IdentityDb.DirectoryLock), "the second change waits");
        (await ReadAll(since, limit: 500)).ShouldBeEmpty();

        await transaction.CommitAsync();
        var made = await later;
        (await ReadAll(since, limit: 500)).Select(row => row.Id).Where(id => id == slow || id == made).ShouldBe([slow, made]);
    }

    private async Task<List<(Guid Id, long Version)>> ReadAll(long since, int limit)
    {
        var rows = new List<(Guid, long)>();
        while (true)
        {
            var page = await Page(since, limit);
            var found = page.GetProperty("users").EnumerateArray().Select(user => (user.GetProperty("userId").GetGuid(), user.GetProperty("version").GetInt64()))
                .Concat(page.GetProperty("teams").EnumerateArray().Select(team => (team.GetProperty("teamId").GetGuid(), team.GetProperty("version").GetInt64())))
                .OrderBy(row => row.Item2).ToList();
            found.Count.ShouldBeLessThanOrEqualTo(limit);
            rows.AddRange(found);
            if (found.Count == 0) return rows;
            since = page.GetProperty("next").GetInt64();
        }
    }

    private async Task<JsonElement> Page(long since, int limit)
    {
        using var service = app.Internal();
        return await service.GetFromJsonAsync<JsonElement>($"/internal/directory/changes?since={since}&limit={limit}");
    }
}

using System.Net;
using System.Text.Json;
using LeadCrm.Testing;

namespace LeadCrm.Identity.Tests.Functional;

[Collection<SharedInstallation>]
public sealed class TeamTests(IdentityApp app)
{
    [Fact]
    public async Task A_new_team_reads_back_as_it_was_made()
    {
        var (parent, manager) = (await app.NewTeam(), await app.NewUser(withPassword: false));
        var id = await app.NewTeam(parent, manager.Id);
        var (team, _) = await app.Admin.Read($"/api/teams/{id}");
        team.GetProperty("parentId").GetGuid().ShouldBe(parent);
        team.GetProperty("managerId").GetGuid().ShouldBe(manager.Id);
    }

    [Fact]
    public async Task Everybody_signed_in_reads_the_tree()
    {
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        var (page, _) = await rep.Client.Read("/api/teams?name=North");
        page.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Two_teams_beside_each_other_cannot_have_one_name()
    {
        var parent = await app.NewTeam();
        using (await app.Admin.PostAsync("/api/teams", new { name = "Twins", parentId = parent })) { }
        using var second = await app.Admin.PostAsync("/api/teams", new { name = "Twins", parentId = parent });
        (await second.WrongFields()).ShouldBe(["name"]);
    }

    [Fact]
    public async Task Teams_of_different_branches_may_have_one_name()
    {
        foreach (var parent in new[] { await app.NewTeam(), await app.NewTeam() })
        {
            using var made = await app.Admin.PostAsync("/api/teams", new { name = "Inside Sales", parentId = parent });
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task A_manager_has_to_be_an_active_user()
    {
        var user = await app.NewUser(withPassword: false);
        using (await app.Admin.Do($"/api/users/{user.Id}/deactivate")) { }
        using var answer = await app.Admin.PostAsync("/api/teams", new { name = $"Team {Guid.NewGuid():N}", managerId = user.Id });
        (await answer.WrongFields()).ShouldBe(["managerId"]);
    }

    [Fact]
    public async Task A_team_cannot_move_below_itself()
    {
        var top = await app.NewTeam();
        var bottom = await app.NewTeam(await app.NewTeam(top));
        var (_, version) = await app.Admin.Read($"/api/teams/{top}");
        using var answer = await app.Admin.Patch($"/api/teams/{top}", new { parentId = bottom }, version);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Problem()).ShouldBe("team-cycle");
    }

    [Fact]
    public async Task Two_moves_at_once_that_would_close_a_circle_cannot_both_succeed()
    {
        for (var round = 0; round < 5; round++)
        {
            var (a, b) = (await app.NewTeam(), await app.NewTeam());
            var versions = (A: (await app.Admin.Read($"/api/teams/{a}")).Version, B: (await app.Admin.Read($"/api/teams/{b}")).Version);
            var answers = await Task.WhenAll(
                app.Admin.Patch($"/api/teams/{a}", new { parentId = b }, versions.A), app.Admin.Patch($"/api/teams/{b}", new { parentId = a }, versions.B));
            answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([200, 409]);
        }
    }

    [Fact]
    public async Task A_team_with_members_is_not_deleted_and_told_how_many()
    {
        var team = await app.NewTeam();
        await app.NewUser(teamId: team, withPassword: false);
        await app.NewTeam(team);
        await app.NewTeam(team);
        using var answer = await Delete(team);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await answer.Json();
        problem.GetProperty("type").GetString().ShouldBe("urn:leadcrm:team-not-empty");
        problem.GetProperty("members").GetInt32().ShouldBe(1);
        problem.GetProperty("teams").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task An_empty_team_is_deleted()
    {
        var team = await app.NewTeam();
        using (var answer = await Delete(team)) answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await app.Admin.GetAsync(new Uri($"/api/teams/{team}", UriKind.Relative));
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Deleting_a_team_can_move_its_members()
    {
        var (team, target) = (await app.NewTeam(), await app.NewTeam());
        var member = await app.NewUser(teamId: team, withPassword: false);
        using (var answer = await Delete(team, target)) answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Admin.Read($"/api/users/{member.Id}")).Body.GetProperty("teamId").GetGuid().ShouldBe(target);
    }

    [Fact]
    public async Task Deleting_a_team_can_move_the_teams_below_it()
    {
        var (team, target) = (await app.NewTeam(), await app.NewTeam());
        var below = await app.NewTeam(team);
        using (await Delete(team, target)) { }
        (await app.Admin.Read($"/api/teams/{below}")).Body.GetProperty("parentId").GetGuid().ShouldBe(target);
    }

    [Fact]
    public async Task A_team_below_cannot_take_over_its_own_branch()
    {
        var team = await app.NewTeam();
        var below = await app.NewTeam(team);
        using var answer = await Delete(team, below);
        (await answer.Problem()).ShouldBe("team-cycle");
        (await app.Admin.Read($"/api/teams/{below}")).Body.GetProperty("parentId").GetGuid().ShouldBe(team);
    }

    [Fact]
    public async Task Moved_members_and_the_deleted_team_reach_the_copies_through_the_broker()
    {
        var (team, target) = (await app.NewTeam(), await app.NewTeam());
        var member = await app.NewUser(teamId: team, withPassword: false);
        using (await Delete(team, target)) { }
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from platform.directory_users where id = $1 and team_id = $2)", member.Id, target), "the member is moved");
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from platform.directory_teams where id = $1 and is_deleted)", team), "the team is gone");
    }

    private async Task<HttpResponseMessage> Delete(Guid team, Guid? moveTo = null)
    {
        var (_, version) = await app.Admin.Read($"/api/teams/{team}");
        return await app.Admin.Delete($"/api/teams/{team}{(moveTo is null ? "" : $"?moveTo={moveTo}")}", version);
    }
}

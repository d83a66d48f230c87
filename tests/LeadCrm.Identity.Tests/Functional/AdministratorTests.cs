using System.Net;
using System.Text.Json;
using LeadCrm.Testing;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>Roles and the last administrator: on an installation of their own, for they change what everybody else may.</summary>
public sealed class AdministratorTests(AdministratorTests.OwnApp app) : IClassFixture<AdministratorTests.OwnApp>
{
    private const string AdministratorRole = "01900000-0000-7000-8000-000000000001";
    private const string ReadOnlyRole = "01900000-0000-7000-8000-000000000005";
    private const string IntegrationRole = "01900000-0000-7000-8000-000000000006";

    [Fact]
    public async Task PM1_the_roles_are_there_after_the_first_start()
    {
        var (roles, _) = await app.Admin.Read("/api/roles");
        roles.GetProperty("items").EnumerateArray().Select(role => role.GetProperty("name").GetString())
            .ShouldBe(["Administrator", "Sales Manager", "Sales Rep", "Marketing", "Read Only", "Integration"]);
    }

    [Fact]
    public async Task Every_permission_is_listed_with_what_it_allows()
    {
        var (permissions, _) = await app.Admin.Read("/api/permissions");
        permissions.GetProperty("items").GetArrayLength().ShouldBe(Roles.Permissions.All.Count);
        permissions.GetProperty("items").EnumerateArray().ShouldAllBe(permission => permission.GetProperty("description").GetString()!.Length > 5);
    }

    [Fact]
    public async Task The_first_start_makes_an_administrator_who_may_everything()
    {
        var (me, _) = await app.Admin.Read("/api/users/me");
        me.GetProperty("email").GetString().ShouldBe("admin@leadcrm.local");
        me.GetProperty("permissions").GetArrayLength().ShouldBe(Roles.Permissions.All.Count);
    }

    [Fact]
    public async Task Sample_users_of_every_role_stand_in_a_team_tree()
    {
        var (users, _) = await app.Admin.Read("/api/users?limit=200");
        var samples = users.GetProperty("items").EnumerateArray().Where(user => user.GetProperty("email").GetString()!.Split('@')[0].Contains('.')).ToArray();
        samples.SelectMany(user => user.GetProperty("roles").Strings()).Distinct().ShouldBe(["Marketing", "Sales Manager", "Sales Rep", "Read Only", "Integration"], ignoreOrder: true);

        var (teams, _) = await app.Admin.Read("/api/teams?limit=200");
        var byName = teams.GetProperty("items").EnumerateArray().ToDictionary(team => team.GetProperty("name").GetString()!);
        foreach (var below in new[] { "North", "South" }) byName[below].GetProperty("parentId").GetGuid().ShouldBe(byName["Sales"].GetProperty("id").GetGuid());
        var manager = samples.Single(user => user.GetProperty("roles").Strings().Contains("Sales Manager"));
        byName["Sales"].GetProperty("managerId").GetGuid().ShouldBe(manager.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_second_start_leaves_what_was_changed_alone()
    {
        var (page, _) = await app.Admin.Read("/api/users?q=vera.viewer");
        var path = $"/api/users/{page.GetProperty("items")[0].GetProperty("id").GetGuid()}";
        using (await app.Admin.Patch(path, new { name = "Vera Renamed" }, (await app.Admin.Read(path)).Version)) { }
        var (users, keys) = (await Count("users"), await Count("signing_keys"));

        await app.Restart();
        (await Count("users")).ShouldBe(users);
        (await Count("signing_keys")).ShouldBe(keys);
        (await app.Admin.Read(path)).Body.GetProperty("name").GetString().ShouldBe("Vera Renamed");

        Task<long> Count(string table) => app.Database.Scalar<long>($"select count(*) from {table}");
    }

    [Fact]
    public async Task A_role_that_may_something_else_is_published_with_everybody_who_holds_it()
    {
        var user = await app.NewUser("Read Only", withPassword: false);
        using (var answer = await ChangeRole(ReadOnlyRole, ["leads.read"])) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(
            async () => (await app.Database.Scalar<string[]>("select coalesce((select permissions from platform.directory_users where id = $1), '{}')", user.Id)).SequenceEqual(["leads.read"]),
            "the copy has the new permissions");
        (await app.Admin.Read($"/api/users/{user.Id}")).Body.GetProperty("permissions").Strings().ShouldBe(["leads.read"]);
    }

    [Theory]
    [InlineData("users.manage")]
    [InlineData("setup.manage")]
    public async Task The_administrator_role_always_keeps(string permission)
    {
        var (role, _) = await app.Admin.Read($"/api/roles/{AdministratorRole}");
        using var answer = await ChangeRole(AdministratorRole, [.. role.GetProperty("permissions").Strings().Where(name => name != permission)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Problem()).ShouldBe("administrator-keeps-permission");
    }

    [Fact]
    public async Task A_permission_that_does_not_exist_is_refused()
    {
        using var answer = await ChangeRole(ReadOnlyRole, ["leads.read", "leads.fly"]);
        (await answer.WrongFields()).ShouldBe(["permissions"]);
    }

    [Fact]
    public async Task Changing_a_role_needs_its_version()
    {
        using var without = await app.Admin.Patch($"/api/roles/{ReadOnlyRole}", new { permissions = new[] { "leads.read" } }, version: null);
        ((int)without.StatusCode).ShouldBe(428);
        using var stale = await app.Admin.Patch($"/api/roles/{ReadOnlyRole}", new { permissions = new[] { "leads.read" } }, version: 999_999);
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task The_last_active_administrator_cannot_be_deactivated()
    {
        using var answer = await app.Admin.Do($"/api/users/{await Me()}/deactivate");
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Problem()).ShouldBe("last-administrator");
    }

    [Fact]
    public async Task The_last_active_administrator_cannot_be_stripped_of_the_role()
    {
        var path = $"/api/users/{await Me()}";
        using var answer = await app.Admin.Patch(path, new { roles = new[] { "Sales Rep" } }, (await app.Admin.Read(path)).Version);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Problem()).ShouldBe("last-administrator");
    }

    [Fact]
    public async Task A_deactivated_administrator_does_not_count_as_one()
    {
        var other = await app.NewUser("Administrator", withPassword: false);
        using (var first = await app.Admin.Do($"/api/users/{other.Id}/deactivate")) first.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var answer = await app.Admin.Do($"/api/users/{await Me()}/deactivate");
        (await answer.Problem()).ShouldBe("last-administrator");
    }

    [Fact]
    public async Task Administrators_who_lose_the_role_all_at_once_leave_one_behind()
    {
        var others = new List<NewUser>();
        for (var i = 0; i < 3; i++) others.Add(await app.NewUser("Administrator", withPassword: false));
        // The one who asks steps down first, so that the three are the only ones left.
        var me = await Me();
        await app.Database.Execute("update users set is_active = false where id = $1", me);
        try
        {
            var answers = await Task.WhenAll(others.Select(other => app.Admin.Do($"/api/users/{other.Id}/deactivate")));
            answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([200, 200, 409]);
        }
        finally
        {
            await app.Database.Execute("update users set is_active = true where id = $1", me);
            foreach (var other in others) using (await app.Admin.Do($"/api/users/{other.Id}/deactivate")) { }
        }
    }

    [Fact]
    public async Task Who_manages_users_but_not_settings_has_no_power_over_administrators()
    {
        var (role, _) = await app.Admin.Read($"/api/roles/{IntegrationRole}");
        using (await ChangeRole(IntegrationRole, [.. role.GetProperty("permissions").Strings(), "users.manage"])) { }
        var user = await app.NewUser("Integration");
        var helper = await app.SignIn(user.Email, user.Password);

        var self = $"/api/users/{user.Id}";
        using (var promotes = await helper.Client.Patch(self, new { roles = new[] { "Administrator" } }, (await helper.Client.Read(self)).Version)) promotes.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var takesOver = await helper.Client.PostAsync($"/api/users/{await Me()}/password", new { password = "stolen-from-above-1" })) takesOver.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var removes = await helper.Client.Do($"/api/users/{await Me()}/deactivate")) removes.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var makes = await helper.Client.PostAsync("/api/users", new { name = "Puppet", email = "puppet@example.com", roles = new[] { "Administrator" } })) makes.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var widens = await helper.Client.Patch($"/api/roles/{IntegrationRole}", new { permissions = new[] { "setup.manage" } }, 1)) widens.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var allowed = await helper.Client.PostAsync("/api/users", new { name = "New Rep", email = "new.rep.person@example.org", roles = new[] { "Sales Rep" } })) allowed.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<HttpResponseMessage> ChangeRole(string id, string[] permissions) =>
        await app.Admin.Patch($"/api/roles/{id}", new { permissions }, (await app.Admin.Read($"/api/roles/{id}")).Version);

    private async Task<Guid> Me() => (await app.Admin.Read("/api/users/me")).Body.GetProperty("id").GetGuid();

    /// <summary>An installation that may be stopped and started.</summary>
    public sealed class OwnApp : IdentityApp;
}

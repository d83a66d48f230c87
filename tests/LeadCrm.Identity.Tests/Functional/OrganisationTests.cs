using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>The organisation's settings and sharing rules; an installation of its own, for there is one organisation.</summary>
public sealed class OrganisationTests(OrganisationTests.OwnApp app) : IClassFixture<OrganisationTests.OwnApp>
{
    private const string Path = "/api/organisation";

    [Fact]
    public async Task PM2_a_changed_default_reaches_the_services_copies_with_the_other_settings()
    {
        var (before, version) = await app.Admin.Read(Path);
        using (var answer = await Put(Path, Input("private", name: "Analytical Engines", timeZone: "Europe/Berlin", month: 4), version)) answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        var directory = app.Services.GetRequiredService<IDirectory>();
        await Eventually.Is(() => directory.Organisation is { } known && known.Version > version);
        var copy = directory.Organisation!;
        (copy.Name, copy.TimeZone, copy.Currency, copy.FirstFiscalMonth).ShouldBe(("Analytical Engines", "Europe/Berlin", "EUR", 4));
        copy.SharingDefaults["opportunity"].ShouldBe("private");
        copy.SharingDefaults["campaign"].ShouldBe("readWrite", "what is not said stays as shipped");
        (await Feed(version)).GetProperty("organisation").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
    }

    [Fact]
    public async Task Settings_change_only_with_the_version_that_was_read_and_by_whom_may()
    {
        using (var without = await Put(Path, Input("read"), null)) ((int)without.StatusCode).ShouldBe(428);
        using (var stale = await Put(Path, Input("read"), 1)) stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        using (var refused = await rep.Client.PutAsJsonAsync(Path, Input("read"))) refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var rules = await rep.Client.GetAsync(new Uri("/api/sharing-rules", UriKind.Relative))) rules.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_settings_is_told_at_once()
    {
        using var answer = await Put(Path, new { name = " ", timeZone = "Mars/Olympus", currency = "XXX", firstFiscalMonth = 13, sharing = new { lead = "open", unicorn = "read" } }, 1);
        (await answer.WrongFields()).ShouldBe(["currency", "firstFiscalMonth", "name", "sharing.lead", "sharing.unicorn", "timeZone"], ignoreOrder: true);
    }

    [Fact]
    public async Task PM6_the_settings_past_tells_who_changed_what_from_what_to_what()
    {
        var (before, version) = await app.Admin.Read(Path);
        using (await Put(Path, Input("read", name: "Before"), version)) { }
        using (await Put(Path, Input("read", name: "After"), (await app.Admin.Read(Path)).Version)) { }

        var newest = (await app.Admin.Read($"{Path}/history")).Body.GetProperty("items")[0];
        newest.GetProperty("kind").GetString().ShouldBe("updated");
        newest.GetProperty("version").GetInt64().ShouldBe((await app.Admin.Read(Path)).Version);
        newest.GetProperty("changes").EnumerateObject().Select(change => change.Name).ShouldBe(["name"]);
        (newest.GetProperty("changes").GetProperty("name").GetProperty("old").GetString(), newest.GetProperty("changes").GetProperty("name").GetProperty("new").GetString()).ShouldBe(("Before", "After"));
    }

    [Fact]
    public async Task PM2_a_sharing_rule_is_made_changed_taken_back_and_each_time_told()
    {
        var (north, south) = (await app.NewTeam(), await app.NewTeam());
        using var made = await app.Admin.PostAsync("/api/sharing-rules", new { recordType = "lead", ownedByTeamId = north, sharedWithTeamId = south });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var path = made.Headers.Location!.ToString();
        var id = (await made.Json()).GetProperty("id").GetGuid();
        var directory = app.Services.GetRequiredService<IDirectory>();
        await Eventually.Is(() => directory.SharingRules.Any(rule => rule.Id == id && !rule.CanEdit));

        using (var changed = await Put(path, new { recordType = "lead", ownedByTeamId = north, sharedWithTeamId = south, access = "readWrite" }, (await app.Admin.Read(path)).Version))
            changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(() => directory.SharingRules.Any(rule => rule.Id == id && rule.CanEdit));

        var (_, version) = await app.Admin.Read(path);
        using (var gone = await app.Admin.Delete(path, version)) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(() => directory.SharingRules.All(rule => rule.Id != id));
        (await Feed(version)).GetProperty("sharingRules").EnumerateArray().Single(rule => rule.GetProperty("ruleId").GetGuid() == id).GetProperty("isDeleted").GetBoolean().ShouldBeTrue();
        (await app.Admin.Read($"{path}/history")).Body.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString())
            .ShouldBe(["deleted", "updated", "created"]);
    }

    [Fact]
    public async Task A_sharing_rule_needs_teams_that_are_there_and_goes_with_them()
    {
        var (north, south) = (await app.NewTeam(), await app.NewTeam());
        using (var wrong = await app.Admin.PostAsync("/api/sharing-rules", new { recordType = "unicorn", ownedByTeamId = Guid.NewGuid(), sharedWithTeamId = south, access = "all" }))
            (await wrong.WrongFields()).ShouldBe(["access", "ownedByTeamId", "recordType"], ignoreOrder: true);
        using var made = await app.Admin.PostAsync("/api/sharing-rules", new { recordType = "account", ownedByTeamId = north, sharedWithTeamId = south });

        using (var gone = await app.Admin.Delete($"/api/teams/{north}", (await app.Admin.Read($"/api/teams/{north}")).Version)) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var after = await app.Admin.GetAsync(made.Headers.Location);
        after.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PM6_users_teams_and_roles_have_a_past_without_secrets()
    {
        var team = await app.NewTeam();
        var user = await app.NewUser("Sales Rep", withPassword: true);
        using (await app.TrySignIn(user.Email, "a wrong one")) { }
        using (await app.Admin.Patch($"/api/users/{user.Id}", new { teamId = team, roles = new[] { "Marketing" } }, (await app.Admin.Read($"/api/users/{user.Id}")).Version)) { }

        var past = (await app.Admin.Read($"/api/users/{user.Id}/history")).Body.GetProperty("items");
        past[0].GetProperty("changes").GetProperty("roles").GetProperty("old").Strings().ShouldBe(["Sales Rep"]);
        past[0].GetProperty("changes").GetProperty("roles").GetProperty("new").Strings().ShouldBe(["Marketing"]);
        past[0].GetProperty("changes").GetProperty("teamId").GetProperty("new").GetGuid().ShouldBe(team);
        var all = past.GetRawText();
        foreach (var secret in new[] { "passwordHash", "securityStamp", "accessFailedCount", "normalized" }) all.ShouldNotContain(secret, Case.Insensitive);
        past.EnumerateArray().Last().GetProperty("kind").GetString().ShouldBe("created");
        past.EnumerateArray().Last().GetProperty("version").GetInt64().ShouldBeGreaterThan(0);

        using (await app.Admin.Delete($"/api/teams/{await app.NewTeam(team)}", 1)) { }
        (await app.Admin.Read($"/api/teams/{team}/history")).Body.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("created");
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        using var refused = await rep.Client.GetAsync(new Uri($"/api/users/{user.Id}/history", UriKind.Relative));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_permission_that_is_new_reaches_the_shipped_roles_once_and_not_over_an_administrators_change()
    {
        // As after an upgrade: the version before did not know two permissions, one of them part of an older one that Marketing was given.
        await app.Database.Execute("delete from known_permissions where name in ('leads.viewConverted', 'data.export')");
        await app.Database.Execute("update roles set permissions = array_remove(array_remove(permissions, 'leads.viewConverted'), 'data.export')");
        await app.Database.Execute("update roles set permissions = permissions || '{leads.editConverted}' where name = 'Marketing'");
        await app.Restart();

        (await Permissions("Marketing")).ShouldContain("data.export", "shipped with it");
        (await Permissions("Marketing")).ShouldContain("leads.viewConverted", "could see converted leads before");
        (await Permissions("Sales Rep")).ShouldNotContain("data.export");
        (await Permissions("Administrator")).ShouldContain("data.export");
        await Eventually.Is(() => app.Services.GetRequiredService<IDirectory>().Users.Any(user => user.Roles.Contains("Marketing") && user.Permissions.Contains("leads.viewConverted")));

        await app.Database.Execute("update roles set permissions = array_remove(permissions, 'data.export') where name = 'Marketing'");
        await app.Restart();
        (await Permissions("Marketing")).ShouldNotContain("data.export", "an administrator took it away");
    }

    private Task<string[]> Permissions(string role) => app.Database.Scalar<string[]>("select permissions from roles where name = $1", role);

    private static object Input(string step, string name = "Org", string timeZone = "UTC", int month = 1) =>
        new { name, timeZone, currency = "EUR", firstFiscalMonth = month, sharing = new { lead = step, opportunity = step } };

    private async Task<HttpResponseMessage> Put(string path, object body, long? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (version is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return await app.Admin.SendAsync(request);
    }

    private async Task<JsonElement> Feed(long since)
    {
        using var service = app.Internal();
        return await service.GetFromJsonAsync<JsonElement>($"/internal/directory/changes?since={since}&limit=500");
    }

    /// <summary>An installation that may be changed and restarted.</summary>
    public sealed class OwnApp : IdentityApp;
}

/// <summary>The settings as an installation has them that nobody has changed yet.</summary>
public sealed class NewOrganisationTests(OrganisationTests.OwnApp app) : IClassFixture<OrganisationTests.OwnApp>
{
    [Fact]
    public async Task PM2_an_installation_starts_with_open_leads_and_private_activities()
    {
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        var sharing = (await rep.Client.Read("/api/organisation")).Body.GetProperty("sharing");
        sharing.GetProperty("activity").GetString().ShouldBe("private");
        sharing.GetProperty("lead").GetString().ShouldBe("readWriteTransfer");
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Testing;

namespace LeadCrm.Identity.Tests.Functional;

[Collection<SharedInstallation>]
public sealed class UserTests(IdentityApp app)
{
    [Fact]
    public async Task A_new_user_reads_back_as_it_was_made()
    {
        var team = await app.NewTeam();
        using var made = await app.Admin.PostAsync("/api/users", new { name = "  Nora Berg ", email = "Nora.Berg@Example.com", teamId = team, roles = new[] { "Marketing", "Sales Rep" } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var (user, version) = await app.Admin.Read(made.Headers.Location!.ToString());
        user.GetProperty("name").GetString().ShouldBe("Nora Berg");
        user.GetProperty("email").GetString().ShouldBe("nora.berg@example.com");
        user.GetProperty("isActive").GetBoolean().ShouldBeTrue();
        user.GetProperty("teamId").GetGuid().ShouldBe(team);
        user.GetProperty("roles").Strings().ShouldBe(["Marketing", "Sales Rep"]);
        user.GetProperty("permissions").Strings().ShouldContain("leads.import");
        user.GetProperty("hasPassword").GetBoolean().ShouldBeFalse();
        user.GetProperty("version").GetInt64().ShouldBe(version);
        user.TryGetProperty("passwordHash", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Everything_wrong_with_a_new_user_is_told_at_once()
    {
        using var answer = await app.Admin.PostAsync("/api/users", new { name = " ", email = "no address", teamId = Guid.CreateVersion7(), roles = new[] { "Emperor" } });
        (await answer.WrongFields()).ShouldBe(["email", "name", "roles", "teamId"]);
    }

    [Theory]
    [InlineData("a b@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("Name <a@example.com>")]
    [InlineData("a@example.com\n")]
    public async Task What_is_not_an_address_is_refused(string email)
    {
        using var answer = await app.Admin.PostAsync("/api/users", new { name = "Nora Berg", email });
        (await answer.WrongFields()).ShouldBe(["email"]);
    }

    [Fact]
    public async Task Two_users_cannot_have_one_address_in_whatever_case()
    {
        var user = await app.NewUser();
        using var second = await app.Admin.PostAsync("/api/users", new { name = "Somebody Else", email = user.Email.ToUpperInvariant() });
        (await second.WrongFields()).ShouldBe(["email"]);
    }

    [Fact]
    public async Task Ten_requests_for_one_address_make_one_user()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Admin.PostAsync("/api/users", new { name = "Once Only", email })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => (int)answer.StatusCode == 422).ShouldBe(9);
    }

    [Fact]
    public async Task A_repeated_request_with_an_idempotency_key_makes_one_user_and_gets_the_same_answer()
    {
        var (key, body) = (Guid.NewGuid().ToString(), new { name = "Once Only", email = $"{Guid.NewGuid():N}@example.com" });
        var first = await Send();
        var second = await Send();
        second.ShouldBe(first);

        async Task<string> Send()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/users") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await app.Admin.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_member_that_is_not_known_is_refused_by_name()
    {
        using var answer = await app.Admin.PostAsync("/api/users", new { name = "Nora", email = "n@example.com", password = "may-not-come-here-1" });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Json()).GetProperty("detail").GetString()!.ShouldContain("'password'");
    }

    [Fact]
    public async Task A_change_touches_what_it_names_and_nothing_else()
    {
        var team = await app.NewTeam();
        var user = await app.NewUser("Marketing", team);
        var (before, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using var answer = await app.Admin.Patch($"/api/users/{user.Id}", new { name = "Married Name" }, version);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (after, newVersion) = await app.Admin.Read($"/api/users/{user.Id}");
        after.GetProperty("name").GetString().ShouldBe("Married Name");
        foreach (var member in new[] { "email", "isActive", "teamId", "roles", "permissions", "hasPassword", "createdAt" })
            after.GetProperty(member).ToString().ShouldBe(before.GetProperty(member).ToString(), member);
        newVersion.ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task Null_takes_a_user_out_of_its_team()
    {
        var user = await app.NewUser(teamId: await app.NewTeam());
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using var answer = await app.Admin.Patch($"/api/users/{user.Id}", new { teamId = (Guid?)null }, version);
        (await answer.Json()).GetProperty("teamId").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_change_of_nothing_keeps_the_version()
    {
        var user = await app.NewUser();
        var (before, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using var answer = await app.Admin.Patch($"/api/users/{user.Id}", new { email = before.GetProperty("email").GetString()!.ToUpperInvariant(), roles = before.GetProperty("roles").Strings() }, version);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Records.Version(answer).ShouldBe(version);
    }

    [Fact]
    public async Task A_change_without_if_match_is_refused()
    {
        var user = await app.NewUser();
        using var answer = await app.Admin.Patch($"/api/users/{user.Id}", new { name = "X" }, version: null);
        ((int)answer.StatusCode).ShouldBe(428);
    }

    [Fact]
    public async Task A_change_of_a_stale_version_is_refused()
    {
        var user = await app.NewUser();
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using (await app.Admin.Patch($"/api/users/{user.Id}", new { name = "First" }, version)) { }
        using var second = await app.Admin.Patch($"/api/users/{user.Id}", new { name = "Second" }, version);
        second.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await app.Admin.Read($"/api/users/{user.Id}")).Body.GetProperty("name").GetString().ShouldBe("First");
    }

    [Fact]
    public async Task Wrong_passwords_do_not_raise_the_version()
    {
        var user = await app.NewUser();
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using (await app.TrySignIn(user.Email, "not the password")) { }
        (await app.Admin.Read($"/api/users/{user.Id}")).Version.ShouldBe(version);
    }

    [Fact]
    public async Task A_changed_user_reaches_the_copies_through_the_broker()
    {
        var user = await app.NewUser();
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using var answer = await app.Admin.Patch($"/api/users/{user.Id}", new { name = "Renamed Person", roles = new[] { "Read Only" } }, version);
        await Eventually.Is(async () => await app.ReplicatedVersion(user.Id) == Records.Version(answer), "the copy has the new version");
        (await app.Database.Scalar<string>("select name from platform.directory_users where id = $1", user.Id)).ShouldBe("Renamed Person");
        (await app.Database.Scalar<string[]>("select permissions from platform.directory_users where id = $1", user.Id))
            .ShouldBe(["accounts.read", "activities.read", "campaigns.read", "contacts.read", "leads.read", "opportunities.read"]);
    }

    [Fact]
    public async Task Everybody_signed_in_lists_names_but_not_roles()
    {
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        var (page, _) = await rep.Client.Read("/api/users?q=rita.rep");
        var item = page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("name").GetString().ShouldBe("Rita Alvarez");
        item.GetProperty("roles").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Who_manages_users_sees_their_roles_in_the_list()
    {
        var (page, _) = await app.Admin.Read("/api/users?q=rita.rep");
        page.GetProperty("items")[0].GetProperty("roles").Strings().ShouldBe(["Sales Rep"]);
    }

    [Fact]
    public async Task The_list_filters_by_team_and_pages_through_everybody()
    {
        var team = await app.NewTeam();
        var members = new List<Guid>();
        for (var i = 0; i < 5; i++) members.Add((await app.NewUser(teamId: team, withPassword: false)).Id);

        var (seen, next) = (new List<Guid>(), (string?)"");
        while (next is not null)
        {
            var (page, _) = await app.Admin.Read($"/api/users?teamId={team}&limit=2&sort=-createdAt{(next == "" ? "" : $"&after={Uri.EscapeDataString(next)}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            next = page.GetProperty("next").GetString();
        }
        seen.ShouldBe(members.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task A_percent_sign_in_a_search_is_a_percent_sign()
    {
        var (page, _) = await app.Admin.Read("/api/users?q=%25");
        page.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/api/users/{id}")]
    [InlineData("POST", "/api/users")]
    [InlineData("PATCH", "/api/users/{id}")]
    [InlineData("POST", "/api/users/{id}/deactivate")]
    [InlineData("POST", "/api/users/{id}/reactivate")]
    [InlineData("POST", "/api/users/{id}/password")]
    [InlineData("POST", "/api/teams")]
    [InlineData("PATCH", "/api/teams/{id}")]
    [InlineData("DELETE", "/api/teams/{id}")]
    [InlineData("GET", "/api/roles")]
    [InlineData("GET", "/api/roles/{id}")]
    [InlineData("PATCH", "/api/roles/{id}")]
    [InlineData("GET", "/api/permissions")]
    public async Task PM5_what_manages_users_is_refused_to_a_rep(string method, string path)
    {
        var rep = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", rep.UserId.ToString()));
        if (method is "POST" or "PATCH") request.Content = JsonContent.Create(new { }, new MediaTypeHeaderValue(method == "PATCH" ? "application/merge-patch+json" : "application/json"));
        using var answer = await rep.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/api/users")]
    [InlineData("/api/users/me")]
    [InlineData("/api/teams")]
    public async Task Nothing_is_read_without_signing_in(string path)
    {
        using var anonymous = app.Anonymous();
        using var answer = await anonymous.GetAsync(new Uri(path, UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_deactivated_user_cannot_sign_in()
    {
        var user = await app.NewUser();
        await Deactivate(user.Id);
        using var answer = await app.TrySignIn(user.Email, user.Password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_deactivated_user_gets_no_further_token()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        await Deactivate(user.Id);
        using var renewed = await app.Renew(session.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Services_refuse_the_token_of_a_deactivated_user()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        await Deactivate(user.Id);
        await Eventually.Is(async () =>
        {
            using var answer = await session.Client.GetAsync(new Uri("/api/users/me", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        }, "the session of the deactivated user is refused");
    }

    [Fact]
    public async Task A_deactivation_reaches_the_copies()
    {
        var user = await app.NewUser();
        await Deactivate(user.Id);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from platform.directory_users where id = $1 and not is_active)", user.Id), "the copy knows");
    }

    [Fact]
    public async Task No_session_outlives_a_deactivation_that_runs_beside_the_sign_in()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = await app.NewUser();
            var signIns = Enumerable.Range(0, 4).Select(_ => app.TrySignIn(user.Email, user.Password)).ToArray();
            await Deactivate(user.Id);
            foreach (var signIn in signIns) (await signIn).Dispose();
            (await app.Database.Scalar<long>("select count(*) from sessions where user_id = $1 and ended_at is null", user.Id)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_reactivated_user_signs_in_with_the_password_and_roles_of_before()
    {
        var user = await app.NewUser("Marketing");
        await Deactivate(user.Id);
        using (var back = await app.Admin.Do($"/api/users/{user.Id}/reactivate")) back.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.SignIn(user.Email, user.Password)).Body.GetProperty("permissions").Strings().ShouldContain("leads.import");
    }

    [Fact]
    public async Task Deactivating_twice_changes_nothing_the_second_time()
    {
        var user = await app.NewUser();
        await Deactivate(user.Id);
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        await Deactivate(user.Id);
        (await app.Admin.Read($"/api/users/{user.Id}")).Version.ShouldBe(version);
    }

    private async Task Deactivate(Guid id)
    {
        using var answer = await app.Admin.Do($"/api/users/{id}/deactivate");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}

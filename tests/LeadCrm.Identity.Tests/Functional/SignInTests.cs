using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Identity.Users;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LeadCrm.Identity.Tests.Functional;

[Collection<SharedInstallation>]
public sealed class SignInTests(IdentityApp app)
{
    [Fact]
    public async Task A_right_password_opens_a_session_with_a_token_that_services_accept()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        var (me, _) = await session.Client.Read("/api/users/me");
        me.GetProperty("id").GetGuid().ShouldBe(user.Id);
    }

    [Fact]
    public async Task The_answer_tells_who_signed_in_and_what_they_may()
    {
        var session = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        session.Body.GetProperty("name").GetString().ShouldBe("Rita Alvarez");
        session.Body.GetProperty("permissions").Strings().ShouldContain("leads.convert");
        session.Body.GetProperty("permissions").Strings().ShouldNotContain("users.manage");
    }

    [Fact]
    public async Task The_token_names_user_session_and_permissions_for_five_minutes()
    {
        var session = await app.SignIn(IdentityApp.Rep, IdentityApp.SamplePassword);
        var token = new JsonWebToken(session.Token);
        token.Alg.ShouldBe("ES256");
        token.Issuer.ShouldBe("leadcrm-identity");
        token.Audiences.ShouldBe(["leadcrm"]);
        token.Subject.ShouldBe(session.UserId.ToString());
        token.GetClaim("sid").Value.ShouldBe(session.SessionId.ToString());
        token.GetClaim("name").Value.ShouldBe("Rita Alvarez");
        token.GetClaim("perm").Value.Split(' ').ShouldBe(session.Body.GetProperty("permissions").Strings());
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromMinutes(5));
        session.Body.GetProperty("expiresAt").GetDateTimeOffset().UtcDateTime.ShouldBe(token.ValidTo);
    }

    [Fact]
    public async Task The_address_may_be_typed_in_any_case()
    {
        var user = await app.NewUser();
        (await app.SignIn(user.Email.ToUpperInvariant(), user.Password)).UserId.ShouldBe(user.Id);
    }

    [Fact]
    public async Task Every_refusal_is_the_same_answer()
    {
        var wrong = await app.NewUser();
        var deactivated = await app.NewUser();
        using (await app.Admin.Do($"/api/users/{deactivated.Id}/deactivate")) { }
        var locked = await app.NewUser();
        for (var i = 0; i < 5; i++) using (await app.TrySignIn(locked.Email, "not the password")) { }
        var without = await app.NewUser(withPassword: false);

        var answers = new List<string>();
        foreach (var (email, password) in new[]
        {
            ("nobody.at.all@example.com", IdentityApp.SamplePassword), ("", ""), (wrong.Email, "not the password"), (wrong.Email, ""), (wrong.Email, new string('x', 10_000)),
            (deactivated.Email, deactivated.Password), (locked.Email, locked.Password), (without.Email, IdentityApp.SamplePassword),
        })
        {
            using var answer = await app.TrySignIn(email, password);
            var body = (await answer.Json()).EnumerateObject().Where(member => member.Name != "traceId").ToDictionary(member => member.Name, member => member.Value.ToString());
            answers.Add($"{(int)answer.StatusCode} {JsonSerializer.Serialize(body)}");
        }
        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("401 ");
        answers[0].ShouldContain("urn:leadcrm:sign-in-failed");
    }

    [Fact]
    public async Task A_refusal_takes_as_long_for_nobody_as_for_somebody()
    {
        var user = await app.NewUser();
        var (nobody, somebody) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 8; i++)
        {
            // The fastest of several: what else the machine does adds to all of them. Without its hash a refusal takes a tenth.
            somebody = Fastest(somebody, await Time(user.Email));
            nobody = Fastest(nobody, await Time($"nobody{i}@example.com"));
        }
        nobody.ShouldBeGreaterThan(somebody * 0.25);
        somebody.ShouldBeGreaterThan(nobody * 0.25);

        async Task<TimeSpan> Time(string email)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await app.TrySignIn(email, "not the password");
            return Stopwatch.GetElapsedTime(began);
        }

        static TimeSpan Fastest(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }

    [Fact]
    public async Task Many_guesses_at_once_lock_the_account_like_guesses_one_after_the_other()
    {
        var user = await app.NewUser();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            using var answer = await app.TrySignIn(user.Email, $"guess number {i}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }));
        using var right = await app.TrySignIn(user.Email, user.Password);
        right.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Many_right_sign_ins_at_once_all_succeed()
    {
        var user = await app.NewUser();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.SignIn(user.Email, user.Password)));
        sessions.Select(session => session.SessionId).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public async Task An_administrator_sees_that_an_account_is_locked_and_a_new_password_unlocks_it()
    {
        var user = await app.NewUser();
        for (var i = 0; i < 5; i++) using (await app.TrySignIn(user.Email, "not the password")) { }
        (await app.Admin.Read($"/api/users/{user.Id}")).Body.GetProperty("lockedUntil").ValueKind.ShouldBe(JsonValueKind.String);

        using (await app.Admin.PostAsync($"/api/users/{user.Id}/password", new { password = "another-warm-candle-5" })) { }
        (await app.Admin.Read($"/api/users/{user.Id}")).Body.GetProperty("lockedUntil").ValueKind.ShouldBe(JsonValueKind.Null);
        await app.SignIn(user.Email, "another-warm-candle-5");
    }

    [Fact]
    public async Task A_hash_made_with_older_settings_is_replaced_at_sign_in()
    {
        var user = await app.NewUser();
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(null!, user.Password);
        await app.Database.Execute("update users set password_hash = $2 where id = $1", user.Id, weak);
        await app.SignIn(user.Email, user.Password);
        (await app.Database.Scalar<string>("select password_hash from users where id = $1", user.Id)).ShouldNotBe(weak);
        await app.SignIn(user.Email, user.Password);
    }

    [Fact]
    public async Task A_session_remembers_from_where_it_was_opened()
    {
        var user = await app.NewUser();
        using var answer = await app.TrySignIn(user.Email, user.Password, new string('a', 1_000), "203.0.113.7");
        var session = (await answer.Json()).GetProperty("sessionId").GetGuid();
        (await app.Database.Scalar<string>("select address from sessions where id = $1", session)).ShouldBe("203.0.113.7");
        (await app.Database.Scalar<string>("select user_agent from sessions where id = $1", session)).ShouldBe(new string('a', 400));
    }

    [Fact]
    public async Task A_refused_sign_in_is_recorded_with_the_user_that_was_meant()
    {
        var user = await app.NewUser();
        using (await app.TrySignIn(user.Email, "not the password", address: "203.0.113.8")) { }
        (await app.Database.Scalar<string>("select address from sign_in_failures where user_id = $1", user.Id)).ShouldBe("203.0.113.8");
    }

    [Fact]
    public async Task Passwords_tokens_and_what_was_typed_as_an_address_do_not_reach_the_log()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        using (await app.TrySignIn("my-secret-in-the-wrong-field", "not-my-password-93")) { }
        using (await session.Client.PostAsync("/api/users/me/password", new { currentPassword = user.Password, newPassword = "brand-new-garden-12" })) { }
        app.Log.ShouldContain("Sign-in refused");
        foreach (var secret in new[] { user.Password, session.Token, "my-secret-in-the-wrong-field", "not-my-password-93", "brand-new-garden-12" })
            app.Log.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_fresh_token_carries_the_permissions_of_now()
    {
        var user = await app.NewUser("Read Only");
        var session = await app.SignIn(user.Email, user.Password);
        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using (var changed = await app.Admin.Patch($"/api/users/{user.Id}", new { roles = new[] { "Sales Manager" } }, version)) changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var renewed = await app.Renew(session.SessionId);
        new JsonWebToken((await renewed.Json()).GetProperty("accessToken").GetString()).GetClaim("perm").Value.Split(' ').ShouldContain("leads.transfer");
    }

    [Fact]
    public async Task After_sign_out_there_is_no_further_token()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        await SignOut(session.SessionId);
        using var renewed = await app.Renew(session.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await renewed.Problem()).ShouldBe("session-over");
    }

    [Fact]
    public async Task After_sign_out_services_refuse_the_token_that_is_still_out()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        await SignOut(session.SessionId);
        await Eventually.Is(async () =>
        {
            using var answer = await session.Client.GetAsync(new Uri("/api/users/me", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        }, "the revoked session is refused");
    }

    [Fact]
    public async Task Signing_out_ends_that_session_alone()
    {
        var user = await app.NewUser();
        var (ended, other) = (await app.SignIn(user.Email, user.Password), await app.SignIn(user.Email, user.Password));
        await SignOut(ended.SessionId);
        using var renewed = await app.Renew(other.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_twice_is_no_error()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        await SignOut(session.SessionId);
        await SignOut(session.SessionId);
    }

    [Fact]
    public async Task A_session_that_never_was_is_not_found()
    {
        using var renewed = await app.Renew(Guid.CreateVersion7());
        renewed.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("POST", "/internal/sessions")]
    [InlineData("POST", "/internal/sessions/0198a000-0000-7000-8000-000000000001/tokens")]
    [InlineData("DELETE", "/internal/sessions/0198a000-0000-7000-8000-000000000001")]
    [InlineData("GET", "/internal/directory/changes")]
    public async Task The_internal_door_takes_the_internal_key_and_nothing_else(string method, string path)
    {
        foreach (var client in new[] { app.Anonymous(), app.Admin })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST") request.Content = JsonContent.Create(new { email = IdentityApp.AdminEmail, password = IdentityApp.AdminPassword });
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
    }

    private async Task SignOut(Guid session)
    {
        using var gateway = app.Internal();
        using var answer = await gateway.DeleteAsync(new Uri($"/internal/sessions/{session}", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}

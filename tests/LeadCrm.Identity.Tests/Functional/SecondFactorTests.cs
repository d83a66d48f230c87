using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>The clock stands still here, so that no step of 30 s ends in the middle of a test.</summary>
public sealed class SecondFactorTests(SecondFactorTests.StillApp app) : IClassFixture<SecondFactorTests.StillApp>
{
    private const string Password = IdentityApp.SamplePassword;

    [Fact]
    public async Task A_second_factor_counts_only_when_a_first_code_was_entered()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, Password);
        var authenticator = await Authenticator.Begin(session.Client, Password, app.Clock);
        (await app.SignIn(user.Email, Password)).UserId.ShouldBe(user.Id);

        using var wrong = await session.Client.PostAsync("/api/users/me/second-factor/confirm", new { code = "000000" });
        (await wrong.WrongFields()).ShouldBe(["code"]);
        using var right = await session.Client.PostAsync("/api/users/me/second-factor/confirm", new { code = authenticator.Code() });
        right.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await app.TrySignIn(user.Email, Password);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Problem()).ShouldBe("second-factor-required");
    }

    [Fact]
    public async Task With_a_second_factor_a_password_opens_no_session_and_the_code_does()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        var before = await Sessions(user.Id);

        var challenge = await Challenge(user.Email);
        (await Sessions(user.Id)).ShouldBe(before);
        using var answer = await Code(challenge, authenticator.Code());

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.Json()).GetProperty("userId").GetGuid().ShouldBe(user.Id);
        (await Sessions(user.Id)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Setting_one_up_takes_the_password_and_ends_the_other_sessions()
    {
        var user = await app.NewUser();
        var (here, elsewhere) = (await app.SignIn(user.Email, Password), await app.SignIn(user.Email, Password));
        using var wrong = await here.Client.PostAsync("/api/users/me/second-factor", new { password = "not the password" });
        (await wrong.WrongFields()).ShouldBe(["password"]);

        await Authenticator.SetUp(here.Client, Password, app.Clock);

        using var there = await app.Renew(elsewhere.SessionId);
        there.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var stays = await app.Renew(here.SessionId);
        stays.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        var code = authenticator.Code();
        using var first = await Code(await Challenge(user.Email), code);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var again = await Code(await Challenge(user.Email), code);
        (await again.Problem()).ShouldBe("second-factor-failed");
        using var older = await Code(await Challenge(user.Email), authenticator.Code(-1));
        (await older.Problem()).ShouldBe("second-factor-failed");
        using var next = await Code(await Challenge(user.Email), authenticator.Code(+1));
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_several_requests_at_once_with_one_code_one_gets_in()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        var challenge = await Challenge(user.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Code(challenge, authenticator.Code())));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Each_of_ten_recovery_codes_works_once()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        authenticator.RecoveryCodes.Distinct().Count().ShouldBe(10);
        foreach (var code in authenticator.RecoveryCodes)
        {
            using var answer = await Code(await Challenge(user.Email), code.ToUpperInvariant());
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, code);
        }

        using var again = await Code(await Challenge(user.Email), authenticator.RecoveryCodes[0]);
        (await again.Problem()).ShouldBe("second-factor-failed");
    }

    [Fact]
    public async Task New_recovery_codes_take_a_code_and_replace_those_before()
    {
        var (user, session, authenticator) = await UserWithSecondFactor();
        using var without = await session.Client.PostAsync("/api/users/me/second-factor/recovery-codes", new { code = "123456" });
        (await without.WrongFields()).ShouldBe(["code"]);

        using var renewed = await session.Client.PostAsync("/api/users/me/second-factor/recovery-codes", new { code = authenticator.Code() });

        var codes = (await renewed.Json()).GetProperty("recoveryCodes").Strings();
        codes.Intersect(authenticator.RecoveryCodes).ShouldBeEmpty();
        using var old = await Code(await Challenge(user.Email), authenticator.RecoveryCodes[0]);
        (await old.Problem()).ShouldBe("second-factor-failed");
        using var newer = await Code(await Challenge(user.Email), codes[0]);
        newer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var state = await session.Client.GetAsync("/api/users/me/second-factor");
        (await state.Json()).GetProperty("recoveryCodesLeft").GetInt32().ShouldBe(9);
    }

    [Fact]
    public async Task Neither_secret_nor_recovery_codes_can_be_read_from_the_database()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, Password);
        using var begun = await session.Client.PostAsync("/api/users/me/second-factor", new { password = Password });
        var secret = (await begun.Json()).GetProperty("secret").GetString()!;

        var stored = await app.Database.Scalar<byte[]>("select wrapped_secret from second_factors where user_id = $1", user.Id);
        stored.Length.ShouldBe(20 + 29);   // format, nonce and tag
        secret.Length.ShouldBe(32);

        var (other, _, authenticator) = await UserWithSecondFactor();
        var codes = await app.Database.Scalar<string>("select string_agg(c::text, ' ') from recovery_codes c where user_id = $1", other.Id);
        foreach (var code in authenticator.RecoveryCodes) codes.ShouldNotContain(code.Replace("-", ""));
        var history = await app.Admin.Read($"/api/users/{other.Id}/history");
        history.Body.ToString().ShouldContain("secondFactorSince");
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_account_and_the_right_password_does_not_forget_them()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await Code(await Challenge(user.Email), "000000");
            (await wrong.Problem()).ShouldBe("second-factor-failed");
            if (i < 4) (await Challenge(user.Email)).ShouldNotBeEmpty();
        }

        using var locked = await app.TrySignIn(user.Email, Password);
        (await locked.Problem()).ShouldBe("sign-in-failed");
        authenticator.Code().Length.ShouldBe(6);
    }

    [Fact]
    public async Task A_challenge_that_was_given_before_the_lockout_opens_nothing_after_it()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        var challenge = await Challenge(user.Email);
        for (var i = 0; i < 5; i++) using (await Code(challenge, "000000")) { }

        using var answer = await Code(challenge, authenticator.Code());

        (await answer.Problem()).ShouldBe("second-factor-failed");
    }

    [Fact]
    public async Task A_challenge_is_no_session_and_is_over_with_another_password()
    {
        var (user, _, authenticator) = await UserWithSecondFactor();
        var challenge = await Challenge(user.Email);
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", challenge);
        (await client.GetAsync("/api/users/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var madeUp = await Code(challenge[..^2] + "AA", authenticator.Code());
        (await madeUp.Problem()).ShouldBe("second-factor-expired");

        using var changed = await app.Admin.PostAsync($"/api/users/{user.Id}/password", new { password = "another-quiet-harbour-83" });
        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var late = await Code(challenge, authenticator.Code());
        (await late.Problem()).ShouldBe("second-factor-expired");
    }

    [Fact]
    public async Task Switching_it_off_takes_password_and_code()
    {
        var (user, session, authenticator) = await UserWithSecondFactor();
        using var noCode = await session.Client.PostAsync("/api/users/me/second-factor/off", new { password = Password, code = "000000" });
        (await noCode.WrongFields()).ShouldBe(["code"]);
        using var noPassword = await session.Client.PostAsync("/api/users/me/second-factor/off", new { password = "not it", code = authenticator.Code() });
        (await noPassword.WrongFields()).ShouldBe(["password"]);

        using var off = await session.Client.PostAsync("/api/users/me/second-factor/off", new { password = Password, code = authenticator.Code() });

        off.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.SignIn(user.Email, Password)).UserId.ShouldBe(user.Id);
    }

    [Fact]
    public async Task An_administrator_takes_it_away_and_the_history_says_who()
    {
        var (user, session, _) = await UserWithSecondFactor();

        using var reset = await app.Admin.DeleteAsync($"/api/users/{user.Id}/second-factor");

        reset.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var ended = await app.Renew(session.SessionId);
        ended.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await app.SignIn(user.Email, Password)).UserId.ShouldBe(user.Id);
        var newest = (await app.Admin.Read($"/api/users/{user.Id}/history")).Body.GetProperty("items")[0];
        newest.GetProperty("changes").GetProperty("secondFactorSince").GetProperty("new").ValueKind.ShouldBe(JsonValueKind.Null);
        newest.GetProperty("actorId").GetGuid().ShouldBe((await app.Admin.Read("/api/users/me")).Body.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Only_who_manages_users_takes_it_away_and_nobody_an_administrators_without_being_one()
    {
        var (user, _, _) = await UserWithSecondFactor();
        var other = await app.SignIn((await app.NewUser()).Email, Password);

        using var refused = await other.Client.DeleteAsync($"/api/users/{user.Id}/second-factor");

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_must_set_one_up_can_do_nothing_else_before()
    {
        var (rule, version) = await app.Admin.Read("/api/organisation/second-factor");
        rule.GetProperty("requiredOfEverybody").GetBoolean().ShouldBeFalse();
        using (var set = await Put(new { requiredOfEverybody = false, requiredOfRoles = new[] { "Marketing" } }, version)) set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
        var user = await app.NewUser("Marketing");
        var free = await app.SignIn((await app.NewUser("Sales Rep")).Email, Password);
        (await free.Client.GetAsync("/api/users")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var session = await app.SignIn(user.Email, Password);
        session.Body.GetProperty("permissions").GetArrayLength().ShouldBe(0);
        foreach (var path in new[] { "/api/users", "/api/teams", "/api/users/me/sessions", "/api/users/me/tokens", "/api/organisation" })
        {
            using var refused = await session.Client.GetAsync(path);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await refused.Problem()).ShouldBe("second-factor-setup-required");
        }
        (await session.Client.GetAsync("/api/users/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Authenticator.SetUp(session.Client, Password, app.Clock);

        using var renewed = await app.Renew(session.SessionId);
        var body = await renewed.Json();
        var token = body.GetProperty("accessToken").GetString();
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (await client.GetAsync("/api/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("permissions").GetArrayLength().ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task The_rule_is_for_who_manages_the_settings_knows_its_roles_and_has_a_history()
    {
        var (_, version) = await app.Admin.Read("/api/organisation/second-factor");
        using var unknown = await Put(new { requiredOfEverybody = false, requiredOfRoles = new[] { "Nobody" } }, version);
        (await unknown.WrongFields()).ShouldBe(["requiredOfRoles"]);
        var rep = await app.SignIn((await app.NewUser()).Email, Password);
        (await rep.Client.GetAsync("/api/organisation/second-factor")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var set = await Put(new { requiredOfEverybody = false, requiredOfRoles = new[] { "Marketing", "Integration" } }, version);

        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Admin.Read("/api/organisation/history")).Body.GetProperty("items")[0].GetProperty("changes").TryGetProperty("secondFactorRoles", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task However_many_codes_are_guessed_at_once_five_are_looked_at()
    {
        var (user, _, _) = await UserWithSecondFactor();
        var challenge = await Challenge(user.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(guess => Code(challenge, $"{guess:D6}")));

        foreach (var answer in answers) answer.Dispose();
        (await app.Database.Scalar<long>("select count(*) from sign_in_failures where user_id = $1", user.Id)).ShouldBe(5);
    }

    private async Task<(NewUser User, SignedIn Session, Authenticator App)> UserWithSecondFactor()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, Password);
        return (user, session, await Authenticator.SetUp(session.Client, Password, app.Clock));
    }

    private async Task<string> Challenge(string email)
    {
        using var answer = await app.TrySignIn(email, Password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        return (await answer.Json()).GetProperty("challenge").GetString()!;
    }

    private async Task<HttpResponseMessage> Code(string challenge, string code)
    {
        using var gateway = app.Internal();
        return await gateway.PostAsJsonAsync("/internal/sessions/second-factor", new { challenge, code });
    }

    /// <summary>Tokens live long here, for real time goes on while the clock stands still.</summary>
    public sealed class StillApp : TimeTests.ClockApp
    {
        protected override void ConfigureHost(IWebHostBuilder builder)
        {
            base.ConfigureHost(builder);
            builder.UseSetting("Tokens:AccessTokenLifetime", "01:00:00");
            builder.UseSetting("Tokens:SetUpTokenLifetime", "01:00:00");
        }
    }

    private Task<long> Sessions(Guid user) => app.Database.Scalar<long>("select count(*) from sessions where user_id = $1", user);

    private async Task<HttpResponseMessage> Put(object rule, long version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/organisation/second-factor") { Content = JsonContent.Create(rule) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return await app.Admin.SendAsync(request);
    }
}

using System.Net;

namespace LeadCrm.Identity.Tests.Functional;

[Collection<SharedInstallation>]
public sealed class PasswordTests(IdentityApp app)
{
    private const string NewPassword = "a-silver-train-at-4";

    [Fact]
    public async Task Somebody_changes_the_own_password()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        using (var answer = await Change(session, user.Password, NewPassword)) answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await app.SignIn(user.Email, NewPassword);
        using var old = await app.TrySignIn(user.Email, user.Password);
        old.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Changing_the_own_password_ends_every_other_session()
    {
        var user = await app.NewUser();
        var (here, elsewhere) = (await app.SignIn(user.Email, user.Password), await app.SignIn(user.Email, user.Password));
        using (await Change(here, user.Password, NewPassword)) { }
        using var renewed = await app.Renew(elsewhere.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_session_in_which_the_password_was_changed_goes_on()
    {
        var user = await app.NewUser();
        var here = await app.SignIn(user.Email, user.Password);
        using (await Change(here, user.Password, NewPassword)) { }
        using var renewed = await app.Renew(here.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_current_password_has_to_be_right()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        using var answer = await Change(session, "not the password", NewPassword);
        (await answer.WrongFields()).ShouldBe(["currentPassword"]);
        await app.SignIn(user.Email, user.Password);
    }

    [Fact]
    public async Task Guessing_the_current_password_locks_like_guessing_at_sign_in()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        for (var i = 0; i < 5; i++) using (await Change(session, $"guess number {i}", NewPassword)) { }
        using var right = await Change(session, user.Password, NewPassword);
        (await right.WrongFields()).ShouldBe(["currentPassword"]);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("password1234")]
    public async Task A_new_own_password_keeps_the_rules(string password)
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        using (var answer = await Change(session, user.Password, password)) (await answer.WrongFields()).ShouldBe(["newPassword"]);
        await app.SignIn(user.Email, user.Password);
    }

    [Fact]
    public async Task A_password_set_by_an_administrator_keeps_the_rules()
    {
        var user = await app.NewUser();
        using var answer = await app.Admin.PostAsync($"/api/users/{user.Id}/password", new { password = $"my-{user.Email}" });
        (await answer.WrongFields()).ShouldBe(["password"]);
    }

    [Fact]
    public async Task A_password_set_by_an_administrator_ends_every_session_of_the_user()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, user.Password);
        using (await app.Admin.PostAsync($"/api/users/{user.Id}/password", new { password = NewPassword })) { }
        using var renewed = await app.Renew(session.SessionId);
        renewed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    private static Task<HttpResponseMessage> Change(SignedIn session, string currentPassword, string newPassword) =>
        session.Client.PostAsync("/api/users/me/password", new { currentPassword, newPassword });
}

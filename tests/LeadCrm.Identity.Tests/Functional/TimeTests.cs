using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Tests.Unit;
using LeadCrm.Identity.Tokens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>What happens minutes, days and weeks later. Each test moves the clock of its own installation.</summary>
public sealed class TimeTests(TimeTests.ClockApp app) : IClassFixture<TimeTests.ClockApp>
{
    private const string Password = IdentityApp.SamplePassword;

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_fifteen_minutes()
    {
        const string Email = "rolf.rep@example.com";
        for (var i = 0; i < 5; i++) using (await app.TrySignIn(Email, "not the password")) { }
        (await Status(Email)).ShouldBe(HttpStatusCode.Unauthorized);
        app.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await Status(Email)).ShouldBe(HttpStatusCode.Unauthorized);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Status(Email)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guessing_on_while_locked_does_not_make_it_longer()
    {
        const string Email = "mark.marketing@example.com";
        for (var i = 0; i < 5; i++) using (await app.TrySignIn(Email, "not the password")) { }
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 6; i++) using (await app.TrySignIn(Email, "not the password")) { }
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Status(Email)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        const string Email = "mona.manager@example.com";
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++) using (await app.TrySignIn(Email, "not the password")) { }
            (await Status(Email)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_session_left_unused_for_twelve_hours_is_over()
    {
        var session = await app.SignIn(IdentityApp.Rep, Password);
        app.Clock.Advance(TimeSpan.FromHours(12) + TimeSpan.FromMinutes(2));
        (await Renew(session.SessionId)).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_session_in_use_goes_on_until_its_longest_life_is_over()
    {
        var session = await app.SignIn(IdentityApp.Rep, Password);
        for (var hours = 0; hours < 30 * 24; hours += 10)
        {
            (await Renew(session.SessionId)).ShouldBe(HttpStatusCode.OK);
            app.Clock.Advance(TimeSpan.FromHours(10));
        }
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Renew(session.SessionId)).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_next_key_is_published_before_it_signs_and_the_old_one_leaves_after_its_last_token()
    {
        var rotation = app.Services.GetRequiredService<SigningKeyRotation>();
        await rotation.RunOnce(CancellationToken.None);
        app.Clock.Advance(TimeSpan.FromDays(100));   // whatever other tests did to the clock: a successor is due now, and two days from now it signs
        await rotation.RunOnce(CancellationToken.None);
        var before = await PublishedKeys();
        var signing = await SigningKeyId();
        before.ShouldContain(signing);
        var next = before.Single(key => key != signing);

        app.Clock.Advance(TimeSpan.FromHours(47));
        await rotation.RunOnce(CancellationToken.None);
        (await SigningKeyId()).ShouldBe(signing);
        (await PublishedKeys()).ShouldBe([signing, next], ignoreOrder: true);

        app.Clock.Advance(TimeSpan.FromHours(1));
        (await SigningKeyId()).ShouldBe(next);
        await rotation.RunOnce(CancellationToken.None);
        (await PublishedKeys()).ShouldBe([signing, next], ignoreOrder: true);

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        await rotation.RunOnce(CancellationToken.None);
        (await PublishedKeys()).ShouldBe([next]);
    }

    [Fact]
    public async Task Replicas_that_rotate_at_once_make_one_successor()
    {
        var rotation = app.Services.GetRequiredService<SigningKeyRotation>();
        app.Clock.Advance(TimeSpan.FromDays(100));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => rotation.RunOnce(CancellationToken.None)));
        (await app.Database.Scalar<long>("select count(*) from signing_keys where active_from > $1", app.Clock.GetUtcNow())).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_are_the_same_after_a_restart()
    {
        await app.Services.GetRequiredService<SigningKeyRotation>().RunOnce(CancellationToken.None);
        var before = (await PublishedKeys(), await SigningKeyId());
        await app.Restart();
        (await PublishedKeys()).ShouldBe(before.Item1);
        (await SigningKeyId()).ShouldBe(before.Item2);
    }

    [Fact]
    public async Task Discovery_names_issuer_key_set_and_algorithm()
    {
        using var anonymous = app.Anonymous();
        var document = await anonymous.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration");
        document.GetProperty("issuer").GetString().ShouldBe("leadcrm-identity");
        document.GetProperty("jwks_uri").GetString().ShouldEndWith("/.well-known/jwks.json");
        document.GetProperty("id_token_signing_alg_values_supported").Strings().ShouldBe(["ES256"]);
    }

    [Fact]
    public async Task The_key_set_shows_public_halves_only()
    {
        using var anonymous = app.Anonymous();
        var keys = (await anonymous.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json")).GetProperty("keys");
        keys.GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var key in keys.EnumerateArray())
            key.EnumerateObject().Select(member => member.Name).ShouldBe(["kty", "use", "alg", "kid", "crv", "x", "y"]);
    }

    [Fact]
    public async Task Old_sessions_and_refused_sign_ins_are_removed_after_a_month()
    {
        var session = await app.SignIn(IdentityApp.Rep, Password);
        using (await app.TrySignIn(IdentityApp.Rep, "not the password")) { }
        var cleanUp = app.Services.GetRequiredService<CleanUp>();
        app.Clock.Advance(TimeSpan.FromDays(30));
        await cleanUp.RunOnce(CancellationToken.None);
        (await Exists()).ShouldBeTrue();
        app.Clock.Advance(TimeSpan.FromHours(13));
        await cleanUp.RunOnce(CancellationToken.None);
        (await Exists()).ShouldBeFalse();
        (await app.Database.Scalar<long>("select count(*) from sign_in_failures where at < $1", app.Clock.GetUtcNow() - TimeSpan.FromDays(30))).ShouldBe(0);

        Task<bool> Exists() => app.Database.Scalar<bool>("select exists (select from sessions where id = $1)", session.SessionId);
    }

    private async Task<HttpStatusCode> Status(string email)
    {
        using var answer = await app.TrySignIn(email, Password);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> Renew(Guid session)
    {
        using var answer = await app.Renew(session);
        return answer.StatusCode;
    }

    private async Task<string[]> PublishedKeys()
    {
        using var anonymous = app.Anonymous();
        return [.. (await anonymous.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private async Task<string> SigningKeyId() => new JsonWebToken((await app.SignIn(IdentityApp.Rep, Password)).Token).Kid;

    /// <summary>An installation whose clock the tests move. Services check a token's life by the real clock, so no test here uses one.</summary>
    public class ClockApp : IdentityApp
    {
        internal ManualTime Clock { get; } = new(DateTimeOffset.UtcNow);

        protected override void ConfigureHost(IWebHostBuilder builder)
        {
            base.ConfigureHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        }
    }
}

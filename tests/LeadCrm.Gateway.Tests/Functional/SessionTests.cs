using System.Net;
using System.Net.Http.Headers;
using LeadCrm.Gateway.Sessions;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class SessionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly string[] Cacheless = ["Gateway:Sessions:CacheFor=00:00:00"];

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task A_write_without_the_anti_forgery_token_is_refused(string method)
    {
        using var browser = await fixture.Gateway.SignedIn();
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Send(new HttpMethod(method), path);

        await answer.ShouldBeProblem(HttpStatusCode.Forbidden, "anti-forgery");
        fixture.Leads.At(path).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_with_another_sessions_token_is_refused()
    {
        using var browser = await fixture.Gateway.SignedIn();
        using var other = await fixture.Gateway.SignedIn();

        using var answer = await browser.Send(HttpMethod.Post, "/api/leads", null, ("X-CSRF-Token", other.Session.AntiForgeryToken));

        await answer.ShouldBeProblem(HttpStatusCode.Forbidden, "anti-forgery");
    }

    [Fact]
    public async Task A_write_with_the_token_goes_through()
    {
        using var browser = await fixture.Gateway.SignedIn();
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Change(HttpMethod.Patch, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Leads.At(path).ShouldHaveSingleItem().Headers.ShouldNotContainKey("X-CSRF-Token");
    }

    [Fact]
    public async Task A_read_needs_no_anti_forgery_token()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Get("/api/leads");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_bearer_token_of_the_clients_own_goes_through_and_its_cookie_is_not_looked_at()
    {
        using var browser = await fixture.Gateway.SignedIn();
        browser.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the.clients.own");
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Send(HttpMethod.Post, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Leads.At(path).ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer the.clients.own");
    }

    [Fact]
    public async Task Nobody_signed_in_is_a_401_that_says_so()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get("/api/session");

        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    public async Task A_made_up_cookie_opens_nothing(string value)
    {
        using var browser = fixture.Gateway.Browser();
        browser.Cookies.Add(browser.Url, new Cookie($"leadcrm-{browser.Url.Port}", value));

        using var answer = await browser.Get("/api/session");

        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Signing_out_refuses_the_session_at_once()
    {
        using var browser = await fixture.Gateway.SignedIn();
        var (cookie, identitySession) = (browser.Cookie, await browser.IdentitySession(fixture.Database));
        (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);   // it is in the cache now

        using var answer = await browser.Change(HttpMethod.Delete, "/api/session");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        browser.Cookies.Count.ShouldBe(0);
        fixture.Identity.Ended.ShouldContain(identitySession);
        browser.Cookies.Add(browser.Url, new Cookie($"leadcrm-{browser.Url.Port}", cookie));
        using var after = await browser.Get("/api/leads");
        await after.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Signing_out_deletes_the_stored_session()
    {
        using var browser = await fixture.Gateway.SignedIn();
        var identitySession = await browser.IdentitySession(fixture.Database);

        using var answer = await browser.Change(HttpMethod.Delete, "/api/session");

        (await fixture.Database.Scalar<long>("select count(*) from gateway.sessions where identity_session_id = $1", identitySession)).ShouldBe(0);
    }

    [Fact]
    public async Task Signing_out_without_the_anti_forgery_token_is_refused()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Send(HttpMethod.Delete, "/api/session");

        await answer.ShouldBeProblem(HttpStatusCode.Forbidden, "anti-forgery");
    }

    [Fact]
    public async Task Signing_out_works_while_Identity_is_away()
    {
        await using var identity = await IdentityStandIn.Start();
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        using var browser = await gateway.SignedIn();
        identity.IsAway = true;

        using var answer = await browser.Change(HttpMethod.Delete, "/api/session");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Fifty_requests_at_once_renew_a_token_once()
    {
        fixture.Identity.GiveFirstTokenOf("busy@example.com", TimeSpan.FromSeconds(30));
        using var browser = await fixture.Gateway.SignedIn("busy@example.com");
        var identitySession = await browser.IdentitySession(fixture.Database);
        var path = $"/api/leads/{Guid.NewGuid()}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.Get(path)));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        fixture.Identity.RenewalsOf(identitySession).ShouldBe(1);
        var tokens = fixture.Leads.At(path).Select(a => a.Headers["Authorization"]).ToList();
        tokens.Count.ShouldBe(50);
        tokens.Distinct().ShouldHaveSingleItem().ShouldStartWith("Bearer ");
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_token_made_by_a_clock_that_was_ahead_is_renewed_instead_of_being_refused_until_its_time_comes()
    {
        fixture.Identity.MakeFirstTokenAhead("ahead@example.com", TimeSpan.FromHours(1));
        using var browser = await fixture.Gateway.SignedIn("ahead@example.com");
        var identitySession = await browser.IdentitySession(fixture.Database);
        var path = $"/api/leads/{Guid.NewGuid()}";

        using (var answer = await browser.Get(path)) answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        fixture.Identity.RenewalsOf(identitySession).ShouldBe(1);
        var token = new AccessToken(fixture.Leads.At(path).ShouldHaveSingleItem().Headers["Authorization"]["Bearer ".Length..], default);
        token.NotBefore.ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_renewed_token_serves_every_replica()
    {
        fixture.Identity.GiveFirstTokenOf("two@example.com", TimeSpan.FromSeconds(30));
        await using var other = await fixture.Start(Cacheless);
        using var browser = await fixture.Gateway.SignedIn("two@example.com");
        var identitySession = await browser.IdentitySession(fixture.Database);
        using var there = other.Browser();
        there.Cookies.Add(other.Url, new Cookie($"leadcrm-{other.Url.Port}", browser.Cookie));

        (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await there.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);

        fixture.Identity.RenewalsOf(identitySession).ShouldBe(1);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    public async Task A_session_that_Identity_ended_is_over_here_with_its_next_renewal(int status)
    {
        var email = $"ended-{status}@example.com";
        fixture.Identity.GiveFirstTokenOf(email, TimeSpan.FromSeconds(30));
        using var browser = await fixture.Gateway.SignedIn(email);
        var identitySession = await browser.IdentitySession(fixture.Database);
        fixture.Identity.Refuse(identitySession, status);

        using var answer = await browser.Get("/api/leads");

        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await fixture.Database.Scalar<long>("select count(*) from gateway.sessions where identity_session_id = $1", identitySession)).ShouldBe(0);
    }

    [Fact]
    public async Task While_Identity_is_away_a_token_that_still_works_is_used()
    {
        await using var identity = await IdentityStandIn.Start();
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        identity.GiveFirstTokenOf("last@example.com", TimeSpan.FromSeconds(30));
        using var browser = await gateway.SignedIn("last@example.com");
        identity.IsAway = true;

        using var answer = await browser.Get("/api/leads");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_Identity_is_away_and_the_token_is_over_the_answer_is_503_and_the_session_stays()
    {
        await using var identity = await IdentityStandIn.Start();
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        identity.GiveFirstTokenOf("over@example.com", TimeSpan.FromSeconds(-1));
        using var browser = await gateway.SignedIn("over@example.com");
        identity.IsAway = true;

        using (var answer = await browser.Get("/api/leads"))
        {
            await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "identity-unavailable");
            answer.ShouldSayWhenToTryAgain();
        }

        identity.IsAway = false;
        using var after = await browser.Get("/api/leads");
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("last_seen_at", "12 hours")]
    [InlineData("created_at", "7 days")]
    public async Task A_session_ends_when_it_was_left_alone_or_is_too_old(string column, string age)
    {
        await using var gateway = await fixture.Start(Cacheless);
        using var browser = await gateway.SignedIn();
        var identitySession = await browser.IdentitySession(fixture.Database);
        (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await fixture.Database.Execute($"update gateway.sessions set {column} = now() - interval '{age}' where identity_session_id = $1", identitySession);
        using var answer = await browser.Get("/api/leads");

        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Using_a_session_keeps_it_from_being_idle()
    {
        await using var gateway = await fixture.Start(Cacheless);
        using var browser = await gateway.SignedIn();
        var identitySession = await browser.IdentitySession(fixture.Database);
        await fixture.Database.Execute("update gateway.sessions set last_seen_at = now() - interval '11 hours' where identity_session_id = $1", identitySession);

        using var answer = await browser.Get("/api/leads");

        (await fixture.Database.Scalar<bool>("select last_seen_at > now() - interval '1 minute' from gateway.sessions where identity_session_id = $1", identitySession)).ShouldBeTrue();
    }

    [Fact]
    public async Task Housekeeping_deletes_what_is_over_and_tells_Identity()
    {
        using var browser = await fixture.Gateway.SignedIn();
        using var kept = await fixture.Gateway.SignedIn();
        var (over, alive) = (await browser.IdentitySession(fixture.Database), await kept.IdentitySession(fixture.Database));
        await fixture.Database.Execute("update gateway.sessions set last_seen_at = now() - interval '13 hours' where identity_session_id = $1", over);
        var housekeeping = fixture.Gateway.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<SessionHousekeeping>().Single();

        await housekeeping.DeleteExpired(TestContext.Current.CancellationToken);

        (await fixture.Database.Scalar<long>("select count(*) from gateway.sessions where identity_session_id = $1", over)).ShouldBe(0);
        (await fixture.Database.Scalar<long>("select count(*) from gateway.sessions where identity_session_id = $1", alive)).ShouldBe(1);
        fixture.Identity.Ended.ShouldContain(over);
        fixture.Identity.Ended.ShouldNotContain(alive);
    }

    [Fact]
    public async Task With_another_data_key_everybody_signs_in_again_and_nothing_fails()
    {
        using var browser = await fixture.Gateway.SignedIn();
        await using var gateway = await fixture.Start($"LEADCRM_DATA_KEY={Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray())}");
        using var there = gateway.Browser();
        there.Cookies.Add(gateway.Url, new Cookie($"leadcrm-{gateway.Url.Port}", browser.Cookie));

        using var answer = await there.Get("/api/leads");
        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");

        await there.SignIn("anew@example.com");
        (await there.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_restart_of_the_database_goes_unnoticed()
    {
        await using var gateway = await fixture.Start(Cacheless);
        using var browser = await gateway.SignedIn();
        (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await fixture.Database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        using var answer = await browser.Get("/api/leads");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

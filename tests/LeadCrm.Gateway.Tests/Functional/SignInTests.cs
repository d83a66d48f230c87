using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class SignInTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Signing_in_gives_a_cookie_that_no_script_can_read()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email = "a@example.com", password = IdentityStandIn.Password });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith($"leadcrm-{browser.Url.Port}=");
        cookie.ShouldContain("; httponly");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldContain("; path=/");
        cookie.ShouldNotContain("domain");
    }

    [Fact]
    public async Task Under_any_other_host_name_the_cookie_is_secure_and_bound_to_the_host()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session", JsonContent.Create(new { email = "a@example.com", password = IdentityStandIn.Password }), ("Host", "crm.example.com"));

        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("__Host-leadcrm=");
        cookie.ShouldContain("; secure");
        cookie.ShouldContain("; httponly");
    }

    [Fact]
    public async Task The_answer_names_the_user_and_the_permissions_of_the_token()
    {
        using var browser = await fixture.Gateway.SignedIn("ada@example.com");

        browser.Session.Name.ShouldBe("ada@example.com");
        browser.Session.Permissions.ShouldBe(["leads.read", "leads.convert"]);
        browser.Session.EndsAt.ShouldBeInRange(DateTimeOffset.UtcNow.AddDays(6.9), DateTimeOffset.UtcNow.AddDays(7.1));
    }

    [Fact]
    public async Task Who_am_I_says_the_same_as_signing_in()
    {
        using var browser = await fixture.Gateway.SignedIn();

        var again = await browser.Http.GetFromJsonAsync<SessionAnswer>("/api/session");

        again!.UserId.ShouldBe(browser.Session.UserId);
        again.AntiForgeryToken.ShouldBe(browser.Session.AntiForgeryToken);
        again.EndsAt.ShouldBe(browser.Session.EndsAt, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Neither_cookie_nor_token_can_be_read_from_the_database()
    {
        using var browser = await fixture.Gateway.SignedIn("secret@example.com");

        var stored = await fixture.Database.Scalar<string>("select string_agg(s::text, '') from gateway.sessions s");
        var storedToken = await fixture.Database.Scalar<byte[]>("select string_agg(access_token, '') from gateway.sessions");

        stored.ShouldNotContain(browser.Cookie);
        stored.ShouldNotContain(Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(browser.Cookie)));
        Encoding.Latin1.GetString(storedToken).ShouldNotContain("eyJ");
    }

    [Fact]
    public async Task The_key_that_encrypts_tokens_lies_wrapped_in_the_database()
    {
        using var browser = await fixture.Gateway.SignedIn();

        var keys = await fixture.Database.Scalar<string>("select string_agg(xml, '') from gateway.data_protection_keys");

        keys.ShouldContain("wrappedKey");
        keys.ShouldNotContain("<masterKey");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_Identitys_words_and_gives_no_cookie()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email = "b@example.com", password = "wrong" });

        var problem = await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
        problem.GetProperty("detail").GetString().ShouldBe("Said by Identity.");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Missing_fields_are_named()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email = " ", password = "" });

        var problem = await answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "validation");
        problem.GetProperty("errors").TryGetProperty("email", out _).ShouldBeTrue();
        problem.GetProperty("errors").TryGetProperty("password", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Failed_sign_ins_of_an_account_are_slowed_down_and_other_accounts_are_not()
    {
        await using var gateway = await fixture.Start("Gateway:Sessions:FailuresPerAccount=3");
        using var browser = gateway.Browser();
        for (var i = 0; i < 3; i++)
            using (var refused = await browser.Http.PostAsJsonAsync("/api/session", new { email = "target@example.com", password = $"guess {i}" }))
                refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email = "TARGET@example.com", password = IdentityStandIn.Password });
        using var other = await browser.Http.PostAsJsonAsync("/api/session", new { email = "other@example.com", password = IdentityStandIn.Password });

        await answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-sign-ins");
        answer.ShouldSayWhenToTryAgain();
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_site_cannot_sign_a_visitor_in()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session", JsonContent.Create(new { email = "a@example.com", password = IdentityStandIn.Password }), ("Sec-Fetch-Site", "cross-site"));

        await answer.ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_plain_form_of_another_site_cannot_sign_in_either()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session", new StringContent("{\"email\":\"a@example.com\",\"password\":\"x\"}", Encoding.UTF8, "text/plain"));

        await answer.ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task Identity_hears_where_a_sign_in_comes_from()
    {
        var said = new TaskCompletionSource<string>();
        await using var identity = await Backend.Start();
        identity.On("/internal/sessions", async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            said.TrySetResult(await reader.ReadToEndAsync());
            http.Response.StatusCode = 401;
        });
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        using var browser = gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session", JsonContent.Create(new { email = "a@example.com", password = "x" }), ("User-Agent", "Testbrowser/1.0"));

        var body = await said.Task.WaitAsync(TimeSpan.FromSeconds(10));
        body.ShouldContain("\"userAgent\":\"Testbrowser/1.0\"");
        body.ShouldContain("\"address\":\"127.0.0.1\"");
        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "sign-in-refused");
    }

    [Fact]
    public async Task While_Identity_is_away_signing_in_says_so_and_counts_as_no_failure()
    {
        await using var gateway = await fixture.Start($"services:identity:http:0={GatewayFixture.Nowhere}", "Gateway:Sessions:FailuresPerAccount=1");
        using var browser = gateway.Browser();

        for (var i = 0; i < 3; i++)
        {
            using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email = "a@example.com", password = "x" });

            await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "identity-unavailable");
            answer.ShouldSayWhenToTryAgain();
        }
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_before()
    {
        using var browser = await fixture.Gateway.SignedIn();
        var before = await browser.IdentitySession(fixture.Database);

        await browser.SignIn("again@example.com");

        fixture.Identity.Ended.ShouldContain(before);
        (await browser.IdentitySession(fixture.Database)).ShouldNotBe(before);
    }
}

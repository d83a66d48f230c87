using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class SecondStepTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task With_a_second_factor_the_password_gives_a_challenge_and_no_cookie()
    {
        var email = NewUser("123456");
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email, password = IdentityStandIn.Password });

        var problem = await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "second-factor-required");
        problem.GetProperty("challenge").GetString().ShouldBe($"challenge of {email}");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_code_opens_the_session()
    {
        var email = NewUser("123456");
        using var browser = fixture.Gateway.Browser();
        using (await browser.Http.PostAsJsonAsync("/api/session", new { email, password = IdentityStandIn.Password })) { }

        using var answer = await Code(browser, email, "123456");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<SessionAnswer>())!.Name.ShouldBe(email);
        (await browser.Get("/api/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_codes_are_counted_with_the_failed_sign_ins()
    {
        await using var gateway = await fixture.Start("Gateway:Sessions:FailuresPerAccount=3");
        var email = NewUser("123456");
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await Code(browser, email, "000000");
            statuses.Add((int)answer.StatusCode);
        }

        statuses.ShouldBe([401, 401, 401, 429, 429]);
    }

    [Fact]
    public async Task Half_way_is_no_failed_sign_in()
    {
        await using var gateway = await fixture.Start("Gateway:Sessions:FailuresPerAccount=2");
        var email = NewUser("123456");
        using var browser = gateway.Browser();

        for (var i = 0; i < 4; i++)
        {
            using var answer = await browser.Http.PostAsJsonAsync("/api/session", new { email, password = IdentityStandIn.Password });
            await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "second-factor-required");
        }
    }

    [Fact]
    public async Task Another_site_cannot_finish_a_sign_in()
    {
        var email = NewUser("123456");
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session/second-factor", JsonContent.Create(new { challenge = $"challenge of {email}", code = "123456" }), ("Sec-Fetch-Site", "cross-site"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_sign_in_may_send_is_small()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/session", new StringContent($$"""{"email":"a@example.com","password":"{{new string('x', 20_000)}}"}""", Encoding.UTF8, "application/json"));

        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    private string NewUser(string code)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        fixture.Identity.Codes[email] = code;
        return email;
    }

    private static Task<HttpResponseMessage> Code(Browser browser, string email, string code) =>
        browser.Http.PostAsJsonAsync("/api/session/second-factor", new { challenge = $"challenge of {email}", code });
}

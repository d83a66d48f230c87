using System.Net;
using LeadCrm.Testing;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class PersonalTokenTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task PF3_services_get_an_access_token_and_never_the_personal_one()
    {
        var (token, _) = fixture.Identity.NewPersonalToken();
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";

        (await Status(browser, token, path)).ShouldBe(200);

        fixture.Leads.At(path).ShouldHaveSingleItem().Headers["Authorization"].ShouldStartWith("Bearer eyJ");
    }

    [Fact]
    public async Task Fifty_requests_at_once_ask_Identity_once()
    {
        var (token, _) = fixture.Identity.NewPersonalToken();
        using var browser = fixture.Gateway.Browser();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Status(browser, token)));

        statuses.ShouldAllBe(status => status == 200);
        fixture.Identity.ExchangesOf(token).ShouldBe(1);
    }

    [Fact]
    public async Task PF3_a_revoked_token_is_refused_although_it_was_good_a_moment_ago()
    {
        var (token, session) = fixture.Identity.NewPersonalToken();
        using var browser = fixture.Gateway.Browser();
        (await Status(browser, token)).ShouldBe(200);

        fixture.Identity.Revoke(session);

        await Eventually.Is(async () => await Status(browser, token) == 401, "the token is refused");
        using var answer = await Send(browser, token);
        await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task A_token_that_Identity_does_not_know_reaches_no_service_and_is_asked_for_once()
    {
        using var browser = fixture.Gateway.Browser();
        var (token, path) = ($"lcp_{Guid.NewGuid():N}", $"/api/leads/{Guid.NewGuid()}");

        for (var i = 0; i < 3; i++) (await Status(browser, token, path)).ShouldBe(401);

        fixture.Leads.At(path).ShouldBeEmpty();
        fixture.Identity.ExchangesOf(token).ShouldBe(1);
    }

    [Fact]
    public async Task Made_up_tokens_spend_the_budget_of_their_address()
    {
        await using var gateway = await fixture.Start("Gateway:RateLimits:Anonymous:Requests=3", "Gateway:RateLimits:Anonymous:Window=01:00:00");
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 5; i++) statuses.Add(await Status(browser, $"lcp_{Guid.NewGuid():N}"));

        statuses.ShouldBe([401, 401, 401, 429, 429]);
    }

    [Fact]
    public async Task While_Identity_is_away_a_token_in_use_goes_on_and_a_new_one_is_a_503()
    {
        await using var identity = await IdentityStandIn.Start();
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        var (used, unused) = (identity.NewPersonalToken().Token, identity.NewPersonalToken().Token);
        using var browser = gateway.Browser();
        (await Status(browser, used)).ShouldBe(200);
        identity.IsAway = true;

        (await Status(browser, used)).ShouldBe(200);
        using var answer = await Send(browser, unused);
        await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "identity-unavailable");
    }

    [Fact]
    public async Task A_search_over_everything_takes_a_personal_token()
    {
        var (token, _) = fixture.Identity.NewPersonalToken();
        using var browser = fixture.Gateway.Browser();

        (await Status(browser, token, "/api/search?q=byron")).ShouldBe(200);

        fixture.Leads.At("/api/leads/search").ShouldAllBe(asked => asked.Headers["Authorization"].StartsWith("Bearer eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_internal_door_cannot_be_reached_with_a_token()
    {
        var (token, _) = fixture.Identity.NewPersonalToken();
        using var browser = fixture.Gateway.Browser();

        (await Status(browser, token, "/internal/personal-tokens/exchange")).ShouldBe(404);
    }

    private static Task<HttpResponseMessage> Send(Browser browser, string token, string path = "/api/leads") =>
        browser.Send(HttpMethod.Get, path, null, ("Authorization", $"Bearer {token}"));

    private static async Task<int> Status(Browser browser, string token, string path = "/api/leads")
    {
        using var answer = await Send(browser, token, path);
        return (int)answer.StatusCode;
    }
}

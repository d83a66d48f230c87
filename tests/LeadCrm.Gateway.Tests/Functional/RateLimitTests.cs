using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class RateLimitTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task PF3_every_answer_says_what_is_left_of_the_budget()
    {
        await using var gateway = await fixture.Start("Gateway:RateLimits:Reads:Requests=60");
        using var browser = await gateway.SignedIn();

        using var first = await browser.Get("/api/leads");
        using var second = await browser.Get("/api/leads");

        Header(first, "RateLimit-Policy").ShouldBe("\"reads\";q=60;w=60");
        Header(first, "RateLimit").ShouldBe("\"reads\";r=59;t=1");
        Header(second, "RateLimit").ShouldStartWith("\"reads\";r=5");
    }

    [Fact]
    public async Task PF3_one_request_too_many_is_a_429_that_says_when_to_try_again()
    {
        await using var gateway = await fixture.Start(Hourly("Reads", 3));
        using var browser = await gateway.SignedIn();
        for (var i = 0; i < 3; i++) (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Get(path);

        var problem = await answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate-limited");
        problem.GetProperty("violated-policies").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("reads");
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1190), TimeSpan.FromSeconds(1200));
        Header(answer, "RateLimit").ShouldBe($"\"reads\";r=0;t={answer.Headers.RetryAfter.Delta.Value.TotalSeconds}");
        Header(answer, "RateLimit-Policy").ShouldBe("\"reads\";q=3;w=3600");
        fixture.Leads.At(path).ShouldBeEmpty();
    }

    [Fact]
    public async Task PF3_a_client_at_ten_times_its_rate_hurts_nobody_else()
    {
        await using var gateway = await fixture.Start(Hourly("Reads", 20));
        using var greedy = await gateway.SignedIn();
        using var other = await gateway.SignedIn();

        var greedyAnswers = Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Status(greedy.Get("/api/leads"))));
        var otherAnswers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Status(other.Get("/api/leads"))));

        otherAnswers.ShouldAllBe(status => status == 200);
        (await greedyAnswers).Count(status => status == 200).ShouldBe(20);
        (await greedyAnswers).Count(status => status == 429).ShouldBe(180);
    }

    [Theory]
    [InlineData("GET", "/api/leads", "reads")]
    [InlineData("POST", "/api/leads", "writes")]
    [InlineData("DELETE", "/api/leads/1", "writes")]
    [InlineData("POST", "/api/leads/bulk", "bulk")]
    [InlineData("POST", "/api/leads/imports", "bulk")]
    [InlineData("GET", "/api/leads/imports/1", "reads")]   // progress is asked for often
    [InlineData("GET", "/api/leads?format=csv", "bulk")]
    [InlineData("GET", "/api/leads/search?q=a", "search")]
    [InlineData("GET", "/api/search?q=a", "search")]
    [InlineData("POST", "/api/session", "sign-in")]
    public async Task What_costs_differently_is_counted_apart(string method, string path, string budget)
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Change(new HttpMethod(method), path);

        Header(answer, "RateLimit").ShouldStartWith($"\"{budget}\";");
    }

    [Fact]
    public async Task A_list_as_a_file_is_counted_with_bulk_however_it_is_asked_for()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Send(HttpMethod.Get, "/api/leads", null, ("Accept", "text/csv"));

        Header(answer, "RateLimit").ShouldStartWith("\"bulk\";");
    }

    [Fact]
    public async Task A_used_up_budget_leaves_the_others()
    {
        await using var gateway = await fixture.Start(Hourly("Search", 1));
        using var browser = await gateway.SignedIn();
        (await browser.Get("/api/leads/search?q=a")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.Get("/api/leads/search?q=a")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        (await browser.Get("/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.Change(HttpMethod.Post, "/api/leads")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_sessions_of_one_user_share_the_budget_and_so_does_a_token()
    {
        var user = Guid.CreateVersion7();
        fixture.Identity.On("/.well-known/jwks.json", http => http.Response.WriteAsync(TestTokens.KeySet));
        await using var gateway = await fixture.Start(Hourly("Reads", 2));
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add(await Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {TestTokens.For(user)}"))));

        statuses.ShouldBe([200, 200, 429]);   // a new token each time, one budget
        (await Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {TestTokens.For(Guid.CreateVersion7())}")))).ShouldBe(200);
    }

    [Fact]
    public async Task PF3_an_api_client_has_a_budget_of_its_own_beside_that_of_its_user_and_of_other_clients()
    {
        var (user, client, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        fixture.Identity.On("/.well-known/jwks.json", http => http.Response.WriteAsync(TestTokens.KeySet));
        await using var gateway = await fixture.Start(Hourly("Reads", 2));
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add(await With(TestTokens.For(user, clientId: client)));

        statuses.ShouldBe([200, 200, 429]);   // a new token each time, one budget
        (await With(TestTokens.For(user, clientId: other))).ShouldBe(200);
        (await With(TestTokens.For(user))).ShouldBe(200);

        Task<int> With(string token) => Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {token}")));
    }

    [Fact]
    public async Task PF3_each_personal_token_has_a_budget_of_its_own()
    {
        var (one, other) = (fixture.Identity.NewPersonalToken().Token, fixture.Identity.NewPersonalToken().Token);
        await using var gateway = await fixture.Start(Hourly("Reads", 2));
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add(await With(one));

        statuses.ShouldBe([200, 200, 429]);
        (await With(other)).ShouldBe(200);

        Task<int> With(string token) => Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {token}")));
    }

    [Fact]
    public async Task Asking_for_tokens_is_limited_by_address_like_signing_in()
    {
        await using var gateway = await fixture.Start(Hourly("SignIn", 2));
        using var browser = gateway.Browser();

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++) statuses.Add(await Status(browser.Send(HttpMethod.Post, "/api/connect/token", new FormUrlEncodedContent([]), ("Authorization", "Basic aWQ6c2VjcmV0"))));

        statuses.ShouldBe([200, 200, 429]);
        fixture.Identity.At("/api/connect/token").ShouldAllBe(asked => asked.Headers["Authorization"] == "Basic aWQ6c2VjcmV0");
    }

    [Fact]
    public async Task A_made_up_token_spends_its_addresss_budget_and_nobody_elses()
    {
        var user = Guid.CreateVersion7();
        fixture.Identity.On("/.well-known/jwks.json", http => http.Response.WriteAsync(TestTokens.KeySet));
        await using var gateway = await fixture.Start([.. Hourly("Anonymous", 3), .. Hourly("Reads", 100)]);
        using var browser = gateway.Browser();
        var real = TestTokens.For(user);
        (await Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {real}")))).ShouldBe(200);

        var madeUp = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var forged = string.Join('.', [.. real.Split('.').Take(2), Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('/', '_').Replace('+', '-')]);
            madeUp.Add(await Status(browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {forged}"))));
        }
        using var answer = await browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {real}"));

        madeUp.ShouldBe([200, 200, 200, 429, 429]);   // whether it may do anything is for the service
        Header(answer, "RateLimit").ShouldStartWith("\"reads\";r=98");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    public async Task What_is_no_token_at_all_counts_for_its_address(string token)
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {token}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);   // the service decides
        Header(answer, "RateLimit").ShouldStartWith("\"anonymous\";");
    }

    [Fact]
    public async Task A_made_up_cookie_spends_its_addresss_budget_and_sessions_in_use_go_on()
    {
        await using var gateway = await fixture.Start(Hourly("Anonymous", 3));
        using var browser = await gateway.SignedIn();
        using var stranger = gateway.Browser();
        (await Status(browser.Get("/api/leads"))).ShouldBe(200);

        var madeUp = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var cookie = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('/', '_').Replace('+', '-');
            madeUp.Add(await Status(stranger.Send(HttpMethod.Get, "/api/leads", null, ("Cookie", $"leadcrm-{gateway.Url.Port}={cookie}"))));
        }

        madeUp.ShouldBe([401, 401, 401, 429, 429]);
        (await Status(browser.Get("/api/leads"))).ShouldBe(200);
    }

    [Fact]
    public async Task Signing_in_is_limited_by_address_and_more_strictly()
    {
        await using var gateway = await fixture.Start(Hourly("SignIn", 2));
        using var browser = gateway.Browser();
        var attempt = () => browser.Http.PostAsJsonAsync("/api/session", new { email = $"{Guid.NewGuid():N}@example.com", password = IdentityStandIn.Password });
        (await Status(attempt())).ShouldBe(200);
        (await Status(attempt())).ShouldBe(200);

        using var answer = await attempt();

        await answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate-limited");
        answer.ShouldSayWhenToTryAgain();
        (await Status(browser.Get("/api/session"))).ShouldBe(200);
    }

    [Fact]
    public async Task Health_and_pages_are_not_limited()
    {
        await using var gateway = await fixture.Start(Hourly("Anonymous", 1));
        using var browser = gateway.Browser();
        (await Status(browser.Get("/api/leads"))).ShouldBe(200);
        (await Status(browser.Get("/api/leads"))).ShouldBe(429);

        foreach (var path in new[] { "/health/live", "/developers/", "/developers/start.js", "/reference/" })
        {
            using var answer = await browser.Get(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.Contains("RateLimit").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task One_client_may_be_given_more_than_the_others()
    {
        var integration = Guid.CreateVersion7();
        fixture.Identity.On("/.well-known/jwks.json", http => http.Response.WriteAsync(TestTokens.KeySet));
        await using var gateway = await fixture.Start([.. Hourly("Writes", 2), $"Gateway:RateLimits:Factors:{integration}=2.5"]);
        using var browser = gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Post, "/api/leads", null, ("Authorization", $"Bearer {TestTokens.For(integration)}"));

        Header(answer, "RateLimit-Policy").ShouldBe("\"writes\";q=5;w=3600");
    }

    [Fact]
    public async Task Limits_can_be_switched_off_for_a_load_test()
    {
        await using var gateway = await fixture.Start([.. Hourly("Reads", 1), "Gateway:RateLimits:Enabled=false"]);
        using var browser = await gateway.SignedIn();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Status(browser.Get("/api/leads"))));

        statuses.ShouldAllBe(status => status == 200);
    }

    [Fact]
    public async Task Limits_that_make_no_sense_stop_the_gateway_from_starting() =>
        await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => fixture.Start("Gateway:RateLimits:Reads:Requests=0"));

    private static string[] Hourly(string budget, int requests) => [$"Gateway:RateLimits:{budget}:Requests={requests}", $"Gateway:RateLimits:{budget}:Window=01:00:00"];

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).ShouldHaveSingleItem();

    private static async Task<int> Status(Task<HttpResponseMessage> answer)
    {
        using var message = await answer;
        return (int)message.StatusCode;
    }
}

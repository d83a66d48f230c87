using System.Diagnostics;
using System.Net;
using LeadCrm.Gateway.Sessions;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>Two gateways on one database, with memories of a minute: what one of them refuses so soon it does not find out by reading the row again.</summary>
public sealed class EndedSessionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string LongMemory = "Gateway:Sessions:CacheFor=00:01:00";

    [Fact]
    public async Task A_session_that_Identity_ended_is_refused_by_every_gateway_within_a_second()
    {
        await using var one = await fixture.Start(LongMemory);
        await using var other = await fixture.Start(LongMemory);
        var times = new List<TimeSpan>();
        for (var round = 0; round < 5; round++)
        {
            using var browser = await one.SignedIn();
            using var there = At(other, browser);
            var session = await browser.IdentitySession(fixture.Database);
            (await Status(browser)).ShouldBe(200);
            (await Status(there)).ShouldBe(200);

            var since = Stopwatch.GetTimestamp();
            fixture.Identity.Revoke(session);
            await Eventually.Is(async () => await Status(browser) == 401 && await Status(there) == 401, "both gateways refuse");
            times.Add(Stopwatch.GetElapsedTime(since));
        }

        // Not the slowest of them: a machine that is busy with something else for a second says nothing about the gateway.
        times.Order().ElementAt(2).ShouldBeLessThan(TimeSpan.FromSeconds(1), string.Join(", ", times));
    }

    [Fact]
    public async Task A_session_that_one_gateway_signed_out_is_refused_by_the_other_although_it_remembers_it()
    {
        await using var other = await fixture.Start(LongMemory);
        using var browser = await fixture.Gateway.SignedIn();
        using var there = At(other, browser);
        var session = await browser.IdentitySession(fixture.Database);
        (await Status(there)).ShouldBe(200);

        using var signOut = await browser.Change(HttpMethod.Delete, "/api/session");
        fixture.Identity.Ended.ShouldContain(session);
        fixture.Identity.Revoke(session);   // as Identity does when it is told

        await Eventually.Is(async () => await Status(there) == 401, "the other gateway refuses");
    }

    [Fact]
    public async Task While_Identity_is_away_the_other_gateway_remembers_a_session_for_a_second_only()
    {
        await using var identity = await IdentityStandIn.Start();
        await using var one = await fixture.Start(LongMemory, $"services:identity:http:0={identity.Url}");
        await using var other = await fixture.Start(LongMemory, $"services:identity:http:0={identity.Url}");
        using var browser = await one.SignedIn();
        using var there = At(other, browser);
        (await Status(there)).ShouldBe(200);
        identity.IsAway = true;
        await Eventually.Is(() => Task.FromResult(!other.Services.GetRequiredService<EndedSessions>().IsCurrent), "the gateway has noticed");

        using var signOut = await browser.Change(HttpMethod.Delete, "/api/session");

        await Eventually.Is(async () => await Status(there) == 401, "the other gateway refuses");
    }

    [Fact]
    public async Task The_other_sessions_of_the_user_go_on()
    {
        using var ended = await fixture.Gateway.SignedIn("same@example.com");
        using var stays = await fixture.Gateway.SignedIn("same@example.com");
        fixture.Identity.Revoke(await ended.IdentitySession(fixture.Database));
        await Eventually.Is(async () => await Status(ended) == 401, "the ended one is refused");

        (await Status(stays)).ShouldBe(200);
    }

    [Fact]
    public async Task A_client_that_holds_an_access_token_of_what_was_ended_is_refused_here_too()
    {
        var (client, session) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        fixture.Identity.On("/.well-known/jwks.json", http => http.Response.WriteAsync(TestTokens.KeySet));
        using var browser = fixture.Gateway.Browser();
        var token = TestTokens.For(client, sessionId: session);
        (await Status(browser, token)).ShouldBe(200);

        fixture.Identity.Revoke(session);

        await Eventually.Is(async () => await Status(browser, token) == 401, "the token is refused");
        (await Status(browser, TestTokens.For(client))).ShouldBe(200);
    }

    [Fact]
    public void Asked_are_four_questions_a_second() => new SessionOptions().AskForEndedEvery.ShouldBe(TimeSpan.FromMilliseconds(250));

    private static Browser At(RunningGateway gateway, Browser signedIn)
    {
        var browser = gateway.Browser();
        browser.Cookies.Add(gateway.Url, new Cookie($"leadcrm-{gateway.Url.Port}", signedIn.Cookie));
        return browser;
    }

    // A gateway that refuses takes the cookie away as well; without one the stand-in behind it would answer as to anybody.
    private static async Task<int> Status(Browser browser)
    {
        if (browser.Cookies.Count == 0) return 401;
        using var answer = await browser.Get("/api/leads");
        return (int)answer.StatusCode;
    }

    private static async Task<int> Status(Browser browser, string token)
    {
        using var answer = await browser.Send(HttpMethod.Get, "/api/leads", null, ("Authorization", $"Bearer {token}"));
        return (int)answer.StatusCode;
    }
}

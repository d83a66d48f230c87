using System.Diagnostics;
using System.Net;
using System.Text;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed partial class ProxyTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_service_gets_the_sessions_token_and_never_a_cookie()
    {
        using var browser = await fixture.Gateway.SignedIn();
        browser.Cookies.Add(browser.Url, new Cookie("another", "one"));
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Get(path);

        var arrived = fixture.Leads.At(path).ShouldHaveSingleItem();
        arrived.Headers["Authorization"].ShouldStartWith("Bearer ey");
        arrived.Headers.ShouldNotContainKey("Cookie");
    }

    [Fact]
    public async Task A_gateway_that_stops_closes_connections_with_the_answer_of_a_service()
    {
        await using var gateway = await fixture.Start("Departure:Longest=00:00:15");
        using var browser = gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        using (var before = await browser.Get(path)) before.Headers.ConnectionClose.ShouldNotBe(true);
        var stopping = Task.Run(gateway.Stop);

        await Eventually.Is(async () =>
        {
            using var answer = await browser.Get(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return answer.Headers.ConnectionClose == true;
        }, "it says that it goes");

        await stopping;
        fixture.Leads.At(path).Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_services_cookie_never_reaches_the_browser()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http =>
        {
            http.Response.Headers.SetCookie = "stray=1";
            return Task.CompletedTask;
        });

        using var answer = await browser.Get(path);

        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_session_a_request_goes_on_without_authorization_and_the_service_decides()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http =>
        {
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        });

        using var answer = await browser.Send(HttpMethod.Get, path, null, ("Authorization", "Basic YTpi"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        fixture.Leads.At(path).ShouldHaveSingleItem().Headers.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData("X-LeadCrm-Internal")]
    [InlineData("x-leadcrm-internal")]
    [InlineData("X-LeadCrm-Actor")]
    public async Task What_only_services_may_say_is_removed(string header)
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Send(HttpMethod.Get, path, null, (header, GatewayFixture.InternalKey));

        fixture.Leads.At(path).ShouldHaveSingleItem().Headers.ShouldNotContainKey(header);
    }

    [Fact]
    public async Task A_client_cannot_pretend_to_be_elsewhere()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Send(HttpMethod.Get, path, null, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Host", "evil.example"));

        var arrived = fixture.Leads.At(path).ShouldHaveSingleItem();
        arrived.Headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
        arrived.Headers["X-Forwarded-Host"].ShouldBe(browser.Url.Authority);
    }

    [Theory]
    [InlineData("Idempotency-Key", "7f3a")]
    [InlineData("If-Match", "\"12\"")]
    [InlineData("Prefer", "wait=10")]
    public async Task What_a_call_means_goes_through_unchanged(string header, string value)
    {
        using var browser = await fixture.Gateway.SignedIn();
        var path = $"/api/leads/{Guid.NewGuid()}";

        using var answer = await browser.Send(HttpMethod.Post, path, null, ("X-CSRF-Token", browser.Session.AntiForgeryToken), (header, value));

        fixture.Leads.At(path).ShouldHaveSingleItem().Headers[header].ShouldBe(value);
    }

    [Fact]
    public async Task A_trace_goes_on_behind_the_gateway()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        var trace = ActivityTraceId.CreateRandom();

        using var answer = await browser.Send(HttpMethod.Get, path, null, ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"));

        fixture.Leads.At(path).ShouldHaveSingleItem().Headers["traceparent"].ShouldStartWith($"00-{trace}-");
    }

    [Fact]
    public async Task A_services_own_problem_comes_through_as_it_is()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, async http =>
        {
            http.Response.StatusCode = 409;
            http.Response.Headers.ETag = "\"5\"";
            await http.Response.WriteAsJsonAsync(new { type = "urn:leadcrm:lead-locked", traceId = "1" }, options: null, "application/problem+json");
        });

        using var answer = await browser.Get(path);

        await answer.ShouldBeProblem(HttpStatusCode.Conflict, "lead-locked");
        answer.Headers.ETag!.Tag.ShouldBe("\"5\"");
    }
}

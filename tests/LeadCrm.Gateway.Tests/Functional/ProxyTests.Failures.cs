using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>Services that are down, break off or take too long.</summary>
public sealed partial class ProxyTests
{
    [Theory]
    [InlineData("/api/accounts")]        // nothing answers at its address
    [InlineData("/api/opportunities")]   // it has no address
    public async Task A_service_that_is_down_is_a_503_that_says_when_to_try_again(string path)
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get(path);

        await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        answer.ShouldSayWhenToTryAgain();
    }

    [Fact]
    public async Task A_service_that_breaks_off_is_a_502_that_promises_nothing()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        using var answer = await browser.Get(path);

        await answer.ShouldBeProblem(HttpStatusCode.BadGateway, "answer-lost");
    }

    [Fact]
    public async Task A_question_that_a_replica_died_over_is_asked_once_more()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        var asked = 0;
        fixture.Leads.On(path, http =>
        {
            if (Interlocked.Increment(ref asked) > 1) return http.Response.WriteAsync("here it is");
            http.Abort();
            return Task.CompletedTask;
        });

        using var answer = await browser.Get(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("here it is");
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_that_a_replica_died_over_is_not_made_twice_behind_its_senders_back()
    {
        using var browser = await fixture.Gateway.SignedIn();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        using var answer = await browser.Change(HttpMethod.Post, path, new StringContent("{}"));

        await answer.ShouldBeProblem(HttpStatusCode.BadGateway, "answer-lost");
        fixture.Leads.At(path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_service_that_is_too_slow_is_a_504()
    {
        await using var gateway = await fixture.Start("ReverseProxy:Routes:leads:Timeout=00:00:00.3");
        using var browser = gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http => Task.Delay(Timeout.Infinite, http.RequestAborted));

        using var answer = await browser.Get(path);

        await answer.ShouldBeProblem(HttpStatusCode.GatewayTimeout, "timeout");
    }
}

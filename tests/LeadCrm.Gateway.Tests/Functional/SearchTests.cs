using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>One search over all services (LD8).</summary>
public sealed class SearchTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task LD8_one_call_asks_every_service_and_groups_the_hits_the_best_first()
    {
        await using var accounts = await Backend.Start();
        await using var gateway = await fixture.Start($"services:accounts:http:0={accounts.Url}", $"services:opportunities:http:0={accounts.Url}", $"services:campaigns:http:0={accounts.Url}");
        fixture.Leads.On("/api/leads/search", Found("lead", 0.6, 0.9));
        accounts.On("/api/accounts/search", Found("account", 0.95));
        accounts.On("/api/contacts/search", Found("contact", 0.7));
        accounts.On("/api/opportunities/search", Found("opportunity"));
        accounts.On("/api/campaigns/search", http => { http.Response.StatusCode = 403; return Task.CompletedTask; });
        using var browser = await gateway.SignedIn();

        var answer = await Read(await browser.Get("/api/search?q=acme&limit=3"));

        answer.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("type").GetString()).ShouldBe(["account", "lead", "contact"]);
        answer.GetProperty("groups")[1].GetProperty("items").EnumerateArray().Select(i => i.GetProperty("score").GetDouble()).ShouldBe([0.9, 0.6]);
        answer.GetProperty("unanswered").GetArrayLength().ShouldBe(0);
        fixture.Leads.At("/api/leads/search")[^1].Headers["Authorization"].ShouldStartWith("Bearer ");
    }

    [Fact]
    public async Task LD8_a_service_that_does_not_answer_is_named_and_the_others_are_shown()
    {
        await using var slow = await Backend.Start();
        await using var gateway = await fixture.Start("Gateway:Search:Timeout=00:00:01", $"services:opportunities:http:0={slow.Url}", $"services:campaigns:http:0={slow.Url}");
        fixture.Leads.On("/api/leads/search", Found("lead", 0.9));
        slow.On("/api/opportunities/search", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        slow.On("/api/campaigns/search", http => { http.Response.StatusCode = 500; return Task.CompletedTask; });
        using var browser = await gateway.SignedIn();

        var answer = await Read(await browser.Get("/api/search?q=acme"));

        answer.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("type").GetString()).ShouldBe(["lead"]);
        answer.GetProperty("unanswered").EnumerateArray().Select(s => s.GetString()).ShouldBe(["accounts", "campaigns", "opportunities"]);
    }

    [Fact]
    public async Task LD8_without_a_session_or_a_token_nothing_is_searched()
    {
        using var browser = fixture.Gateway.Browser();
        await (await browser.Get("/api/search?q=acme")).ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Theory, InlineData("Bearer one, Bearer two"), InlineData("Bearer one two"), InlineData("Bearer  \"")]
    public async Task LD8_what_is_no_token_is_refused_as_everywhere(string authorization)
    {
        await using var refusing = await Backend.Start();
        await using var gateway = await fixture.Start($"services:leads:http:0={refusing.Url}", $"services:accounts:http:0={refusing.Url}", $"services:opportunities:http:0={refusing.Url}", $"services:campaigns:http:0={refusing.Url}");
        foreach (var path in (string[])["leads", "accounts", "contacts", "opportunities", "campaigns"])
            refusing.On($"/api/{path}/search", http => { http.Response.StatusCode = 401; return Task.CompletedTask; });
        using var browser = gateway.Browser();

        await (await browser.Send(HttpMethod.Get, "/api/search?q=acme", null, ("Authorization", authorization))).ShouldBeProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Theory, InlineData(""), InlineData("?q="), InlineData("?q=a&limit=0")]
    public async Task LD8_a_search_for_nothing_is_400(string query)
    {
        using var browser = await fixture.Gateway.SignedIn();
        await (await browser.Get("/api/search" + query)).ShouldBeProblem(HttpStatusCode.BadRequest, "bad-search");
    }

    private static RequestDelegate Found(string type, params double[] scores) => http => http.Response.WriteAsJsonAsync(new
    {
        items = scores.Select(score => new { type, id = Guid.NewGuid(), title = "Acme", subtitle = (string?)null, ownerId = (Guid?)null, score }),
    });

    private static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}

using System.Net;
using System.Text.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class PageTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("/developers/", 200)]
    [InlineData("/developers/start.js", 200)]
    [InlineData("/reference/", 200)]
    [InlineData("/api/leads", 200)]
    [InlineData("/api/session", 401)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/accounts", 503)]
    [InlineData("/internal/sessions", 404)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/openapi/v1.json", 200)]
    public async Task Every_answer_carries_the_security_headers(string path, int status)
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get(path);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain("frame-ancestors 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_write_carries_the_security_headers_too()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Send(HttpMethod.Post, "/api/leads");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("/developers/")]
    [InlineData("/reference/")]
    public async Task No_page_may_run_inline_or_foreign_scripts(string path)
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get(path);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'");
        policy.ShouldContain("connect-src 'self'");
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldNotContain("<script>");
        html.ShouldNotContain("style=");
        html.ShouldNotContain(" src=\"http");
        html.ShouldNotContain(" href=\"http");
    }

    [Fact]
    public async Task Only_the_reference_may_write_styles()
    {
        using var browser = fixture.Gateway.Browser();

        using var page = await browser.Get("/developers/");
        using var reference = await browser.Get("/reference/");

        page.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        reference.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("style-src 'self' 'unsafe-inline'");
    }

    [Fact]
    public async Task A_services_page_cannot_run_scripts_in_our_origin()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, async http =>
        {
            http.Response.ContentType = "text/html";
            http.Response.Headers.ContentSecurityPolicy = "default-src *";
            await http.Response.WriteAsync("<script>alert(1)</script>");
        });

        using var answer = await browser.Get(path);

        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
    }

    [Fact]
    public async Task Answers_of_the_API_are_not_kept_by_browsers_unless_a_service_says_so()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, http =>
        {
            http.Response.Headers.CacheControl = "private, max-age=60";
            return Task.CompletedTask;
        });

        using var usual = await browser.Get("/api/leads");
        using var said = await browser.Get(path);

        usual.Headers.CacheControl!.NoStore.ShouldBeTrue();
        said.Headers.CacheControl!.NoStore.ShouldBeFalse();
    }

    [Fact]
    public async Task The_developers_page_leads_to_the_three_commonest_tasks()
    {
        using var browser = fixture.Gateway.Browser();

        var html = await browser.Http.GetStringAsync("/developers/");

        html.ShouldContain("Import leads");
        html.ShouldContain("Find leads");
        html.ShouldContain("Convert a lead");
    }

    [Fact]
    public async Task The_reference_offers_the_merged_document_one_per_routes_file_and_the_gateways_own()
    {
        using var browser = fixture.Gateway.Browser();

        var sources = JsonDocument.Parse(await browser.Http.GetStringAsync("/openapi/sources.json")).RootElement;

        sources.EnumerateArray().Select(s => s.GetProperty("title").GetString()).ShouldBe(["Everything", "Accounts", "Activities", "Campaigns", "Capture", "Identity", "Leads", "Opportunities", "Sessions"]);
    }

    [Fact]
    public async Task A_services_document_names_the_gateway_as_its_server()
    {
        fixture.Leads.On("/openapi/v1.json", http => http.Response.WriteAsJsonAsync(new { openapi = "3.1.1", info = new { title = "LeadCrm.Leads | v1" }, servers = new[] { new { url = "http://127.0.0.1:5001" } }, paths = new { } }));
        using var browser = fixture.Gateway.Browser();

        var document = JsonDocument.Parse(await browser.Http.GetStringAsync("/openapi/leads.json")).RootElement;

        document.GetProperty("servers").EnumerateArray().ShouldHaveSingleItem().GetProperty("url").GetString().ShouldBe("/");
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("Leads");
    }

    [Fact]
    public async Task A_services_document_shows_only_what_can_be_reached_from_here()
    {
        await using var identity = await Backend.Start();
        identity.On("/openapi/v1.json", http => http.Response.WriteAsync("""
            { "openapi": "3.1.1", "info": {}, "tags": [{ "name": "Users" }, { "name": "Internal" }],
              "paths": { "/api/users": { "get": { "tags": ["Users"] } }, "/internal/sessions": { "post": { "tags": ["Internal"] } } } }
            """));
        await using var gateway = await fixture.Start($"services:identity:http:0={identity.Url}");
        using var browser = gateway.Browser();

        var document = await browser.Http.GetStringAsync("/openapi/identity.json");

        document.ShouldContain("/api/users");
        document.ShouldContain("Users");
        document.ShouldNotContain("nternal");
    }

    [Fact]
    public async Task The_document_of_a_service_that_is_down_is_a_503()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get("/openapi/accounts.json");

        await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        answer.ShouldSayWhenToTryAgain();
    }

    [Fact]
    public async Task The_document_of_no_service_is_a_404()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get("/openapi/nothing.json");

        await answer.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Without_its_database_the_gateway_lives_but_is_not_ready()
    {
        await using var gateway = await fixture.Start("ConnectionStrings:gateway-db=Host=127.0.0.1;Port=9;Username=nobody;Database=none;Timeout=1");
        using var browser = gateway.Browser();

        using var live = await browser.Get("/health/live");
        using var ready = await browser.Get("/health/ready");

        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Once_its_tables_are_there_the_gateway_is_ready()
    {
        using var browser = fixture.Gateway.Browser();

        await Eventually.Is(async () =>
        {
            using var ready = await browser.Get("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK;
        }, "the gateway is ready");
    }
}

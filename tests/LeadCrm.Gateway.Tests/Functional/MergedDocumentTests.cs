using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class MergedDocumentTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Path = "/api/openapi.json";

    [Fact]
    public async Task PF1_one_document_describes_what_all_services_offer_and_nothing_internal()
    {
        Describe(fixture.Leads, """
            "/api/leads": { "get": { "tags": ["Leads"], "responses": { "200": { "description": "OK" } } } },
            "/api/leads/feed": { "get": { "tags": ["Leads"], "x-permissions": ["internal"], "responses": { "200": { "description": "OK" } } } },
            "/api/unrouted": { "get": { "tags": ["Leads"], "responses": { "200": { "description": "OK" } } } },
            "/internal/feed": { "get": { "tags": ["Leads"], "responses": { "200": { "description": "OK" } } } }
            """);
        await using var gateway = await fixture.Start();
        using var browser = gateway.Browser();

        var document = await Read(browser);

        OpenApiFaults.In(document).ShouldBeEmpty();
        document["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/api/events", "/api/leads", "/api/search", "/api/session", "/api/session/second-factor"]);
        document["servers"]![0]!["url"]!.GetValue<string>().ShouldBe("/");
        document.ToJsonString().ShouldNotContain("internal");
    }

    [Fact]
    public async Task A_service_that_is_down_is_named_and_the_others_are_there()
    {
        Describe(fixture.Leads, """ "/api/leads": { "get": { "tags": ["Leads"], "responses": { "200": { "description": "OK" } } } } """);
        await using var gateway = await fixture.Start();
        using var browser = gateway.Browser();

        var document = await Read(browser);

        States(document)["leads"].ShouldBe("current");
        States(document)["accounts"].ShouldBe("missing");         // nothing answers there
        States(document)["opportunities"].ShouldBe("missing");    // it has no address
        document["info"]!["description"]!.GetValue<string>().ShouldContain("Accounts");
    }

    [Fact]
    public async Task A_service_that_goes_away_keeps_its_last_good_document()
    {
        var campaigns = await Backend.Start();
        Describe(campaigns, """ "/api/campaigns": { "get": { "tags": ["Campaigns"], "responses": { "200": { "description": "OK" } } } } """);
        await using var gateway = await fixture.Start($"services:campaigns:http:0={campaigns.Url}", "Gateway:OpenApi:KeepFor=00:00:00.1", "Gateway:OpenApi:AskAgainAfter=00:00:00.1");
        using var browser = gateway.Browser();
        States(await Read(browser))["campaigns"].ShouldBe("current");

        await campaigns.DisposeAsync();

        JsonNode document = new JsonObject();
        await Eventually.Is(async () => States(document = await Read(browser))["campaigns"] == "kept", "the gateway has noticed");
        document["paths"]!["/api/campaigns"].ShouldNotBeNull();
        (await browser.Get("/openapi/campaigns.json")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_has_the_document_already_is_told_so()
    {
        using var browser = fixture.Gateway.Browser();
        using var first = await browser.Get(Path);
        first.Headers.CacheControl!.Public.ShouldBeTrue();

        using var again = await browser.Send(HttpMethod.Get, Path, null, ("If-None-Match", first.Headers.ETag!.Tag));

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    private static void Describe(Backend service, string paths) => service.On("/openapi/v1.json", http => http.Response.WriteAsync(
        $$"""{ "openapi": "3.1.1", "info": { "title": "x", "version": "1" }, "paths": { {{paths}} } }"""));

    private static async Task<JsonNode> Read(Browser browser) => JsonNode.Parse(await browser.Http.GetStringAsync(Path))!;

    private static Dictionary<string, string> States(JsonNode document) =>
        document["x-services"]!.AsArray().ToDictionary(service => service!["name"]!.GetValue<string>(), service => service!["state"]!.GetValue<string>());
}

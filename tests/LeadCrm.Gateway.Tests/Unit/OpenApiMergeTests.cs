using System.Text.Json.Nodes;
using LeadCrm.Gateway.OpenApi;
using LeadCrm.Testing;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class OpenApiMergeTests
{
    [Fact]
    public void Two_services_components_of_one_name_stay_apart_and_their_references_follow()
    {
        var merged = OpenApiMerge.Merge([Part("leads", "/api/leads", "Request", "string"), Part("accounts", "/api/accounts", "Request", "integer")]);

        OpenApiFaults.In(merged).ShouldBeEmpty();
        Body(merged, "/api/leads").ShouldBe("#/components/schemas/leads.Request");
        Body(merged, "/api/accounts").ShouldBe("#/components/schemas/accounts.Request");
        ((string?)merged["components"]!["schemas"]!["leads.Request"]!["properties"]!["value"]!["type"]).ShouldBe("string");
        ((string?)merged["components"]!["schemas"]!["accounts.Request"]!["properties"]!["value"]!["type"]).ShouldBe("integer");
    }

    [Fact]
    public void Names_do_not_depend_on_who_else_is_there()
    {
        var alone = OpenApiMerge.Merge([Part("leads", "/api/leads", "Request", "string")]);
        var together = OpenApiMerge.Merge([Part("accounts", "/api/accounts", "Request", "integer"), Part("leads", "/api/leads", "Request", "string")]);

        JsonNode.DeepEquals(alone["paths"]!["/api/leads"], together["paths"]!["/api/leads"]).ShouldBeTrue();
    }

    [Fact]
    public void The_order_is_always_the_same()
    {
        OpenApiPart[] parts = [Part("leads", "/api/leads", "B", "string"), Part("accounts", "/api/accounts", "A", "string")];

        OpenApiMerge.Merge(parts).ToJsonString().ShouldBe(OpenApiMerge.Merge(parts).ToJsonString());
        OpenApiMerge.Merge(parts)["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/api/accounts", "/api/leads"]);
    }

    [Fact]
    public void References_into_a_component_and_of_discriminators_follow_too()
    {
        var part = Part("leads", "/api/leads", "Request", "string");
        var schemas = part.Document!["components"]!["schemas"]!.AsObject();
        schemas["Request"]!["properties"]!["deep"] = new JsonObject { ["$ref"] = "#/components/schemas/Request/properties/value" };
        schemas["Request"]!["discriminator"] = new JsonObject { ["propertyName"] = "kind", ["mapping"] = new JsonObject { ["a"] = "#/components/schemas/Other" } };
        schemas["Other"] = new JsonObject { ["type"] = "object" };

        var merged = OpenApiMerge.Merge([part]);

        OpenApiFaults.In(merged).ShouldBeEmpty();
        var renamed = merged["components"]!["schemas"]!["leads.Request"]!;
        ((string?)renamed["properties"]!["deep"]!["$ref"]).ShouldBe("#/components/schemas/leads.Request/properties/value");
        ((string?)renamed["discriminator"]!["mapping"]!["a"]).ShouldBe("#/components/schemas/leads.Other");
        merged["components"]!["schemas"]!.AsObject().ContainsKey("leads.Other").ShouldBeTrue();
    }

    [Fact]
    public void A_property_that_happens_to_be_called_mapping_is_no_discriminator()
    {
        var part = Part("leads", "/api/leads", "Request", "string");
        part.Document!["components"]!["schemas"]!["Request"]!["properties"]!["mapping"] = new JsonObject { ["$ref"] = "#/components/schemas/Request" };

        OpenApiFaults.In(OpenApiMerge.Merge([part])).ShouldBeEmpty();
    }

    [Fact]
    public void What_only_internal_doors_use_is_left_out()
    {
        var part = Part("leads", "/api/leads", "Request", "string");
        part.Document!["paths"]!["/internal/feed"] = new JsonObject { ["get"] = new JsonObject { ["responses"] = new JsonObject { ["200"] = new JsonObject { ["$ref"] = "#/components/schemas/Secret" } } } };
        part.Document["components"]!["schemas"]!["Secret"] = new JsonObject { ["type"] = "object" };

        var text = OpenApiMerge.Merge([part]).ToJsonString();

        text.ShouldNotContain("internal");
        text.ShouldNotContain("Secret");
    }

    [Fact]
    public void A_signed_in_call_takes_a_token_or_a_session_and_a_change_the_anti_forgery_token_too()
    {
        var merged = OpenApiMerge.Merge([Part("leads", "/api/leads", "Request", "string")]);

        var operations = merged["paths"]!["/api/leads"]!;
        operations["get"]!["security"]!.ToJsonString().ShouldBe("""[{"bearer":[]},{"session":[]}]""");
        operations["post"]!["security"]!.ToJsonString().ShouldBe("""[{"bearer":[]},{"session":[],"antiForgery":[]}]""");
        merged["components"]!["securitySchemes"]!["session"]!["in"]!.GetValue<string>().ShouldBe("cookie");
    }

    [Fact]
    public void Every_call_has_a_name_and_a_place_under_its_service()
    {
        var merged = OpenApiMerge.Merge([Part("leads", "/api/leads/{id}/x-files.csv", "Request", "string")]);

        var operation = merged["paths"]!["/api/leads/{id}/x-files.csv"]!["get"]!;
        ((string?)operation["operationId"]).ShouldBe("getLeadsByIdXFilesCsv");
        operation["tags"]!.ToJsonString().ShouldBe("""["Leads: Things"]""");
        merged["x-tagGroups"]!.ToJsonString().ShouldBe("""[{"name":"Leads","tags":["Leads: Things"]}]""");
        operation["responses"]!["429"].ShouldNotBeNull();
    }

    [Fact]
    public void Who_is_missing_or_only_remembered_is_said()
    {
        var merged = OpenApiMerge.Merge([Part("leads", "/api/leads", "Request", "string"), Part("activities", "/api/notes", "Request", "string") with { IsCurrent = false }, new("accounts", "Accounts", null, IsCurrent: false)]);

        merged["x-services"]!.AsArray().Select(service => $"{service!["name"]} {service["state"]}").ShouldBe(["leads current", "activities kept", "accounts missing"]);
        ((string?)merged["info"]!["description"])!.ShouldContain("Missing now, because the service does not answer: Accounts.");
        ((string?)merged["info"]!["description"])!.ShouldContain("As last known, because the service does not answer: Activities.");
    }

    private static string? Body(JsonNode document, string path) => (string?)document["paths"]![path]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"];

    /// <summary>A document with one path, which is read and written, and one component.</summary>
    private static OpenApiPart Part(string name, string path, string component, string type)
    {
        var parameters = path.Contains("{id}", StringComparison.Ordinal) ? """[{ "name": "id", "in": "path", "required": true }]""" : "[]";
        return new(name, char.ToUpperInvariant(name[0]) + name[1..], JsonNode.Parse($$"""
            {
              "openapi": "3.1.1", "info": { "title": "x", "version": "1" }, "tags": [{ "name": "Things" }, { "name": "Unused" }],
              "paths": { "{{path}}": {
                "get": { "tags": ["Things"], "parameters": {{parameters}}, "security": [{ "bearer": [] }], "responses": { "200": { "description": "OK" } } },
                "post": { "tags": ["Things"], "parameters": {{parameters}}, "security": [{ "bearer": [] }],
                  "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/{{component}}" } } } },
                  "responses": { "400": { "description": "Bad", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } } } } },
              "components": {
                "schemas": { "{{component}}": { "type": "object", "properties": { "value": { "type": "{{type}}" } } }, "Problem": { "type": "object" } },
                "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } }
            }
            """)!.AsObject(), IsCurrent: true);
    }
}

extern alias accounts;
extern alias activities;
extern alias campaigns;
extern alias capture;
extern alias gateway;
extern alias identity;
extern alias leads;
extern alias opportunities;

using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests;

/// <summary>Deny by default: every endpoint says who may call it, and what everybody may call is on a short list.</summary>
public sealed class Endpoints
{
    /// <summary>What is open to everybody, in all services. Each addition is a decision.</summary>
    private static readonly string[] PublicRoutes =
    [
        "/health/live", "/health/ready",
        "/openapi/{documentName}.json",
        // What the public fills and sends (Capture).
        "/forms/style.css", "/forms/{key}", "/forms/{key}/embed", "/forms/{key}/thanks", "/forms/{key}/embed/thanks", "/forms/{key}/snippet",
        "/.well-known/openid-configuration", "/.well-known/jwks.json",
        "/api/connect/token",   // the secret of an API client is in the request
    ];

    [Theory]
    [InlineData("identity"), InlineData("leads"), InlineData("accounts"), InlineData("opportunities"), InlineData("activities"), InlineData("campaigns"), InlineData("capture")]
    public void Every_endpoint_demands_a_permission_or_is_on_the_public_list(string service)
    {
        using var app = Start(service);
        var endpoints = app.EndpointDataSource().Endpoints.OfType<RouteEndpoint>().ToList();

        endpoints.Count.ShouldBeGreaterThan(5);
        foreach (var endpoint in endpoints)
        {
            var name = $"{service}: {endpoint.DisplayName}";
            var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
            access.ShouldNotBeNull($"{name} says nothing about who may call it");
            var isPublic = access.Permission == EndpointAccess.Public;
            (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).ShouldBe(isPublic, name);
            if (isPublic) PublicRoutes.ShouldContain(endpoint.RoutePattern.RawText, $"{name} is open to everybody but not on the list");
        }
    }

    /// <summary>What the gateway itself answers, to everybody: signing in, its pages' documents, and calls that check the session themselves.</summary>
    private static readonly string[] PublicAtTheGateway =
    [
        "/health/live", "/health/ready", "/openapi/v1.json", "/openapi/{service}.json", "/openapi/sources.json", "/api/openapi.json", "/api/session/", "/api/session/second-factor",
    ];

    [Fact]
    public void Every_endpoint_of_the_gateway_demands_a_session_or_is_on_its_public_list_or_leads_to_a_service()
    {
        using var app = Start("gateway");
        var endpoints = app.EndpointDataSource().Endpoints.OfType<RouteEndpoint>().ToList();

        foreach (var endpoint in endpoints.Where(e => e.Metadata.All(m => m.GetType().FullName != "Yarp.ReverseProxy.Model.RouteModel")))
        {
            var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
            access.ShouldNotBeNull($"gateway: {endpoint.DisplayName} says nothing about who may call it");
            if (access.Permission == EndpointAccess.Public) PublicAtTheGateway.ShouldContain(endpoint.RoutePattern.RawText, $"gateway: {endpoint.DisplayName} is open to everybody but not on the list");
        }
        endpoints.ShouldNotContain(e => e.RoutePattern.RawText!.Contains("internal", StringComparison.Ordinal), "what services tell each other is not for the outside");
    }

    [Theory]
    [InlineData("identity"), InlineData("leads"), InlineData("accounts"), InlineData("opportunities"), InlineData("activities"), InlineData("campaigns"), InlineData("capture")]
    public void An_internal_endpoint_lies_under_internal_and_nothing_else_does(string service)
    {
        using var app = Start(service);
        foreach (var endpoint in app.EndpointDataSource().Endpoints.OfType<RouteEndpoint>())
        {
            var isInternal = endpoint.Metadata.GetMetadata<EndpointAccess>()?.Permission == EndpointAccess.Internal;
            endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("internal/", StringComparison.Ordinal).ShouldBe(isInternal, endpoint.DisplayName);
        }
    }

    internal static IAppUnderTest Start(string service) => service switch
    {
        "identity" => new App<identity::Program>(service),
        "leads" => new App<leads::Program>(service),
        "accounts" => new App<accounts::Program>(service),
        "opportunities" => new App<opportunities::Program>(service),
        "activities" => new App<activities::Program>(service),
        "campaigns" => new App<campaigns::Program>(service),
        "capture" => new App<capture::Program>(service),
        "gateway" => new App<gateway::Program>(service),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "Not a service."),
    };
}

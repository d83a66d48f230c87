using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>What an address leads to, and that none leads past the gateway.</summary>
public sealed partial class ProxyTests
{
    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    [InlineData("/api/leadsandmore")]
    [InlineData("/nothing")]
    [InlineData("/api/operations/unknown/messages")]
    public async Task An_unknown_address_is_a_404(string path)
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Get(path);

        await answer.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_known_address_with_another_method_is_a_405()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Change(HttpMethod.Put, "/api/session");

        await answer.ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Theory]
    [InlineData("/internal/sessions")]
    [InlineData("/internal/directory/changes")]
    [InlineData("/api/internal/sessions")]
    [InlineData("/api/leads/../../internal/sessions")]
    [InlineData("/api/leads/%2e%2e/%2e%2e/internal/sessions")]
    [InlineData("//internal/sessions")]
    public async Task No_internal_door_can_be_reached(string rawPath)
    {
        // Over a bare socket, because a client would tidy the path up.
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {rawPath} HTTP/1.1\r\nHost: 127.0.0.1:{fixture.Gateway.Url.Port}\r\nX-LeadCrm-Internal: {GatewayFixture.InternalKey}\r\nConnection: close\r\n\r\n"));
        var answer = await new StreamReader(stream).ReadToEndAsync().WaitAsync(Deadline);

        answer.ShouldStartWith("HTTP/1.1 404");
        fixture.Leads.At("/internal/sessions").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_encoded_way_up_stays_encoded_and_below_its_route()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /api/leads/..%2f..%2finternal/sessions HTTP/1.1\r\nHost: 127.0.0.1:{fixture.Gateway.Url.Port}\r\nConnection: close\r\n\r\n"));
        await new StreamReader(stream).ReadToEndAsync().WaitAsync(Deadline);

        fixture.Leads.At("/internal/sessions").ShouldBeEmpty();
        fixture.Leads.At("/api/leads/..%2f..%2finternal/sessions").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Operators_reach_the_parked_messages_of_each_service()
    {
        using var browser = await fixture.Gateway.SignedIn();

        using var answer = await browser.Get("/api/operations/leads/messages");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Leads.At("/api/operations/leads/messages").ShouldHaveSingleItem();
    }
}

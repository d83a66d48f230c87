using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

public sealed class ProxyTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
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

    [Fact]
    public async Task Events_arrive_one_by_one_while_the_answer_is_still_open()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        var second = new TaskCompletionSource();
        fixture.Leads.On(path, Events(second.Task));

        using var answer = await browser.Send(HttpMethod.Get, path);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());

        (await NextEvent(events)).ShouldBe("data: 1");
        second.SetResult();
        (await NextEvent(events)).ShouldBe("data: 2");
    }

    [Fact]
    public async Task A_stream_may_last_longer_than_its_route_waits_for_an_answer()
    {
        await using var gateway = await fixture.Start("ReverseProxy:Routes:leads:Timeout=00:00:00.5");
        using var browser = gateway.Browser();
        var (path, slow) = ($"/api/leads/{Guid.NewGuid()}", $"/api/leads/{Guid.NewGuid()}");
        var second = new TaskCompletionSource();
        fixture.Leads.On(path, Events(second.Task));
        fixture.Leads.On(slow, http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var answer = await browser.Send(HttpMethod.Get, path);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await NextEvent(events)).ShouldBe("data: 1");

        using var tooSlow = await browser.Get(slow);   // began later, and its time is over now
        tooSlow.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        second.SetResult();

        (await NextEvent(events)).ShouldBe("data: 2");
    }

    [Fact]
    public async Task A_large_upload_streams_through()
    {
        const int size = 120 * 1024 * 1024;
        using var browser = await fixture.Gateway.SignedIn();
        var path = $"/api/leads/imports/{Guid.NewGuid()}";
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Leads.On(path, async http =>
        {
            long received = 0;
            var buffer = new byte[128 * 1024];
            for (int read; (read = await http.Request.Body.ReadAsync(buffer)) > 0; received += read) began.TrySetResult();
            await http.Response.WriteAsync(received.ToString());
        });

        // The rest is sent only after the service has seen the beginning: a gateway that buffered the whole would wait for ever.
        using var answer = await browser.Change(HttpMethod.Post, path, new UploadInTwoParts(size, began.Task.WaitAsync(Deadline)));

        (await answer.Content.ReadAsStringAsync()).ShouldBe(size.ToString());
    }

    [Fact]
    public async Task Elsewhere_a_body_that_is_too_large_is_a_413()
    {
        using var browser = fixture.Gateway.Browser();
        browser.Http.DefaultRequestHeaders.ExpectContinue = true;   // else the client is still sending when it is refused

        using var answer = await browser.Send(HttpMethod.Post, "/api/leads", new ByteArrayContent(new byte[17 * 1024 * 1024]));

        await answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_length_is_counted_while_it_streams()
    {
        using var browser = fixture.Gateway.Browser();
        var path = $"/api/leads/{Guid.NewGuid()}";
        fixture.Leads.On(path, async http => await http.Request.Body.CopyToAsync(Stream.Null));
        using var endless = new HttpRequestMessage(HttpMethod.Post, path) { Content = new UploadInTwoParts(40 * 1024 * 1024, Task.CompletedTask) };
        endless.Headers.TransferEncodingChunked = true;

        // Refused in the middle of its body, a client hears of it, or only that the connection was closed: either way nothing went through.
        var status = await Refusal(browser, endless);

        status.ShouldBeOneOf(null, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused()
    {
        using var browser = fixture.Gateway.Browser();

        using var answer = await browser.Send(HttpMethod.Get, "/api/leads", null, ("X-Large", new string('x', 40_000)));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

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

    private static RequestDelegate Events(Task beforeTheSecond) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: 1\n\n");
        await http.Response.Body.FlushAsync();
        await beforeTheSecond.WaitAsync(Deadline);
        await http.Response.WriteAsync("data: 2\n\n");
    };

    private static async Task<string?> NextEvent(StreamReader events)
    {
        var line = await events.ReadLineAsync().WaitAsync(Deadline);
        await events.ReadLineAsync().WaitAsync(Deadline);
        return line;
    }

    private static async Task<HttpStatusCode?> Refusal(Browser browser, HttpRequestMessage request)
    {
        try
        {
            using var answer = await browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private sealed class UploadInTwoParts(int size, Task afterTheFirst) : HttpContent
    {
        private const int FirstPart = 64 * 1024;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[FirstPart]);
            await stream.FlushAsync();
            await afterTheFirst;
            var chunk = new byte[64 * 1024];
            for (var left = size - FirstPart; left > 0; left -= chunk.Length) await stream.WriteAsync(chunk.AsMemory(0, Math.Min(left, chunk.Length)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}

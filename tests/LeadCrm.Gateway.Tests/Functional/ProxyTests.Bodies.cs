using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>What is large, slow or does not end.</summary>
public sealed partial class ProxyTests
{
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

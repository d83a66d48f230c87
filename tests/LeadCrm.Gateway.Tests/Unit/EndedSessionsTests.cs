using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using LeadCrm.Gateway.Sessions;
using LeadCrm.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class EndedSessionsTests
{
    [Fact]
    public async Task A_connection_that_breaks_while_it_is_made_does_not_end_the_asking()
    {
        var ended = Guid.NewGuid();
        using var http = new HttpClient(new BreaksTwice(ended)) { BaseAddress = new Uri("http://identity/") };
        using var sessions = new EndedSessions(new IdentityClient(http), TimeProvider.System, Options.Create(new SessionOptions { AskForEndedEvery = TimeSpan.FromMilliseconds(10) }), NullLogger<EndedSessions>.Instance);

        await sessions.StartAsync(CancellationToken.None);
        for (var until = DateTime.UtcNow.AddSeconds(20); !sessions.Contains(ended) && DateTime.UtcNow < until && sessions.ExecuteTask is { IsCompleted: false };) await Task.Delay(10);

        sessions.ExecuteTask!.IsFaulted.ShouldBeFalse(sessions.ExecuteTask.Exception?.ToString());
        sessions.Contains(ended).ShouldBeTrue();
        await sessions.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_was_ended_stays_so_and_the_news_stays_new_when_the_time_of_day_is_set()
    {
        var (ended, clock) = (Guid.NewGuid(), new ManualClock());
        using var http = new HttpClient(new AnswersOnce(ended)) { BaseAddress = new Uri("http://identity/") };
        using var sessions = new EndedSessions(new IdentityClient(http), clock, Options.Create(new SessionOptions()), NullLogger<EndedSessions>.Instance);
        sessions.IsCurrent.ShouldBeFalse();
        await sessions.StartAsync(CancellationToken.None);
        await Eventually.Is(() => sessions.Contains(ended) && sessions.IsCurrent, "Identity was asked");   // the one is noted a moment before the other

        clock.Set(TimeSpan.FromHours(1));
        sessions.Sweep();
        sessions.IsCurrent.ShouldBeTrue();
        sessions.Contains(ended).ShouldBeTrue();
        clock.Set(TimeSpan.FromHours(-2));
        clock.Advance(TimeSpan.FromMinutes(16));
        sessions.Sweep();
        sessions.IsCurrent.ShouldBeFalse();
        sessions.Contains(ended).ShouldBeFalse();
        await sessions.StopAsync(CancellationToken.None);
    }

    private sealed class AnswersOnce(Guid ended) : HttpMessageHandler
    {
        private int asked;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref asked) > 1) await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { asOf = DateTimeOffset.UtcNow, sessions = new[] { ended } }) };
        }
    }

    private sealed class BreaksTwice(Guid ended) : HttpMessageHandler
    {
        private int asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Interlocked.Increment(ref asked) switch
        {
            1 => throw new SocketException((int)SocketError.NotConnected),
            2 => throw new InvalidOperationException("Something that nobody thought of"),
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { asOf = DateTimeOffset.UtcNow, sessions = new[] { ended } }) }),
        };
    }
}

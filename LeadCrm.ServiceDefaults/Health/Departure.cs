using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LeadCrm.ServiceDefaults.Health;

/// <summary>How a process leaves that is asked to stop.</summary>
public sealed class DepartureOptions
{
    internal const string Section = "Departure";

    /// <summary>
    /// How long it goes on answering at most before it closes its door. Zero, where nobody stands in for it: it would only come back later. As long at least as whoever gives it connections takes to
    /// notice that its health says no.
    /// </summary>
    public TimeSpan Longest { get; set; }

    internal static bool AreValid(DepartureOptions options) => options.Longest >= TimeSpan.Zero && options.Longest <= TimeSpan.FromSeconds(15);
}

/// <summary>
/// A server that closes its idle connections when it is asked to stop cuts off what a client is sending over one at that very moment, and the client cannot tell whether it took effect. So a process that leaves
/// first goes on for a moment: it closes each connection with an answer that says so, after which nothing is sent over it, and has its health say that it wants no new ones.
/// </summary>
internal sealed class Departure(IOptions<DepartureOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Nobody has asked anything for so long: nobody is there who could be cut off.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private long lastRequest;
    private volatile bool begun;

    public bool HasBegun => begun;

    /// <summary>What is answered from now on is the last answer on its connection.</summary>
    public Task Pass(HttpContext http, RequestDelegate next)
    {
        if (!begun) return next(http);
        if (!http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) Volatile.Write(ref lastRequest, clock.GetTimestamp());
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol)) http.Response.Headers.Connection = "close";   // the others have words of their own for it
        return next(http);
    }

    /// <summary>Asked to stop, with everything still at work.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        Volatile.Write(ref lastRequest, since);
        begun = true;
        while (clock.GetElapsedTime(since) < options.Value.Longest && clock.GetElapsedTime(Volatile.Read(ref lastRequest)) < Silence)
            await Task.Delay(Look, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Not ready any more once the process leaves.</summary>
internal sealed class DepartureHealth(Departure departure) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(departure.HasBegun ? HealthCheckResult.Unhealthy("The process stops.") : HealthCheckResult.Healthy());
}

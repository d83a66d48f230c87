using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.RateLimiting;
using LeadCrm.Gateway.Proxy;
using LeadCrm.Gateway.RateLimits;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Overload;

/// <summary>
/// Lets so many requests through at once that the services are busy, and not more: whoever comes when the line is full, or has waited long enough, is told to come back
/// (503 with <c>Retry-After</c>) before anything was done for it. Without that, more requests than can be answered make each of them slower until all are given up by
/// those who sent them, and the work on them is for nothing. Health and pages are always let through.
/// </summary>
internal sealed class Admission : IDisposable
{
    private readonly AdmissionOptions options;
    private readonly ConcurrencyLimiter places;
    private readonly Counter<long> turnedAway;

    public Admission(IOptions<AdmissionOptions> options, IMeterFactory meters)
    {
        this.options = options.Value;
        places = new(new() { PermitLimit = this.options.AtOnce, QueueLimit = this.options.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        turnedAway = meters.Create(Limits.MeterName).CreateCounter<long>("leadcrm.gateway.turned_away", "{request}", "Requests refused because more was asked for than can be done");
    }

    public async Task Admit(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !PublicForms.Has(http))
        {
            await next(http);
            return;
        }
        using var place = new Place(places.AttemptAcquire() is { IsAcquired: true } free ? free : await Wait(http.RequestAborted));
        if (!place.IsTaken)
        {
            if (http.RequestAborted.IsCancellationRequested) http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;   // it left by itself: nobody turned it away
            else await TurnAway(http);
            return;
        }
        using var counted = new Timer(static place => ((Place)place!).Dispose(), place, options.CountedFor, Timeout.InfiniteTimeSpan);
        await next(http);
    }

    public void Dispose() => places.Dispose();

    private async Task<RateLimitLease?> Wait(CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(options.Patience);
        try
        {
            return await places.AcquireAsync(1, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task TurnAway(HttpContext http)
    {
        turnedAway.Add(1);
        var seconds = Random.Shared.Next(1, 4);   // not all of them at the same moment
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Of(503, "busy", "Too busy", $"More is asked for at the moment than can be done. Nothing was changed; try again in {seconds} s.").ExecuteAsync(http);
    }

    /// <summary>A place that is given back once: by its request's end, or when it no longer counts.</summary>
    private sealed class Place(RateLimitLease? lease) : IDisposable
    {
        private RateLimitLease? held = lease;

        public bool IsTaken { get; } = lease is { IsAcquired: true };

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Dispose();
    }
}

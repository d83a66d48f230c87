using System.Runtime.InteropServices;
using System.Threading.RateLimiting;

namespace LeadCrm.Gateway.RateLimits;

/// <summary>
/// A full bucket at first; each request takes a token, and tokens come back evenly. The framework's own bucket keeps to itself what a
/// granted request has left and when the next token comes, which is what the RateLimit header says.
/// </summary>
internal sealed class TokenBucket : RateLimiter
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly int size;
    private readonly double perSecond;
    private double tokens;
    private long countedAt;
    private long granted;
    private long refused;

    public TokenBucket(int size, TimeSpan window, TimeProvider clock)
    {
        this.size = size;
        this.clock = clock;
        perSecond = size / window.TotalSeconds;
        tokens = size;
        countedAt = clock.GetTimestamp();
    }

    /// <summary>How long the bucket has been full; what is idle for a while is thrown away, as a new one is full too.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (gate)
            {
                var idle = clock.GetElapsedTime(countedAt) - TimeSpan.FromSeconds((size - tokens) / perSecond);
                return idle >= TimeSpan.Zero ? idle : null;
            }
        }
    }

    public override RateLimiterStatistics GetStatistics()
    {
        lock (gate)
        {
            Refill();
            return new() { CurrentAvailablePermits = (long)tokens, TotalSuccessfulLeases = granted, TotalFailedLeases = refused };
        }
    }

    /// <summary>With a count of zero it only looks whether there is a token.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            Refill();
            var wanted = Math.Max(permitCount, 1);
            var isGranted = tokens >= wanted;
            if (isGranted) tokens -= permitCount;
            if (permitCount > 0 && isGranted) granted++;
            if (!isGranted) refused++;
            // A refused caller waits for all that it wants, a granted one for one more than it has.
            var missing = isGranted ? Math.Floor(tokens) + 1 - tokens : wanted - tokens;
            return new Lease(isGranted, new Allowance((int)tokens, tokens >= size ? TimeSpan.Zero : TimeSpan.FromSeconds(missing / perSecond)));
        }
    }

    /// <summary>Nobody queues at the door: a request that is too many is told so at once.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private void Refill()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(size, tokens + clock.GetElapsedTime(countedAt, now).TotalSeconds * perSecond);
        countedAt = now;
    }

    /// <summary>What is left in a bucket.</summary>
    /// <param name="Remaining">Requests that may come now.</param>
    /// <param name="Next">When there will be one more; zero when the bucket is full.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Allowance(int Remaining, TimeSpan Next)
    {
        /// <summary>Every lease carries one.</summary>
        public static readonly MetadataName<Allowance> Name = new("leadcrm.allowance");
    }

    private sealed class Lease(bool isAcquired, Allowance allowance) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => isAcquired ? [Allowance.Name.Name] : [Allowance.Name.Name, MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == Allowance.Name.Name ? allowance : metadataName == MetadataName.RetryAfter.Name && !isAcquired ? allowance.Next : null;
            return metadata is not null;
        }
    }
}

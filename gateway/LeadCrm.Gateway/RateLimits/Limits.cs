using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.RateLimits;

/// <summary>
/// A bucket per budget and holder. Only who is known to be who it says gets a bucket of its own, and a bucket that was full for ten
/// seconds is thrown away; so memory grows with the people who use the system, not with those who make up tokens or come from everywhere.
/// </summary>
internal sealed class Limits : IDisposable
{
    public const string MeterName = "LeadCrm.Gateway";

    private readonly PartitionedRateLimiter<Charge> buckets;
    private readonly Counter<long> refused;
    private readonly RateLimitOptions options;

    public Limits(IOptions<RateLimitOptions> options, TimeProvider clock, IMeterFactory meters)
    {
        this.options = options.Value;
        refused = meters.Create(MeterName).CreateCounter<long>("leadcrm.gateway.limited", "{request}", "Requests refused because their caller had used up a budget");
        buckets = PartitionedRateLimiter.Create<Charge, Charge>(charge => RateLimitPartition.Get(charge, one => new TokenBucket(SizeOf(one), this.options.Of(one.Budget).Window, clock)));
    }

    public bool Enabled => options.Enabled;

    /// <summary>Takes a token for a request.</summary>
    public Charged Take(Charge charge)
    {
        using var lease = buckets.AttemptAcquire(charge);
        if (!lease.IsAcquired) refused.Add(1, new KeyValuePair<string, object?>("budget", Name(charge.Budget)));
        return Outcome(charge, lease);
    }

    /// <summary>Whether there is a token; takes none.</summary>
    public Charged Look(Charge charge)
    {
        using var lease = buckets.AttemptAcquire(charge, permitCount: 0);
        return Outcome(charge, lease);
    }

    public void Dispose() => buckets.Dispose();

    private static string Name(Budget budget) => budget switch
    {
        Budget.Reads => "reads",
        Budget.Writes => "writes",
        Budget.Bulk => "bulk",
        Budget.Search => "search",
        Budget.SignIn => "sign-in",
        _ => "anonymous",
    };

    private Charged Outcome(Charge charge, RateLimitLease lease)
    {
        lease.TryGetMetadata(TokenBucket.Allowance.Name, out var allowance);
        return new Charged(Name(charge.Budget), SizeOf(charge), options.Of(charge.Budget).Window, lease.IsAcquired, allowance.Remaining, allowance.Next);
    }

    private int SizeOf(Charge charge)
    {
        var requests = options.Of(charge.Budget).Requests;
        return options.Factors.TryGetValue(charge.Holder.Id, out var factor) ? (int)Math.Clamp(Math.Round(requests * factor), 1, int.MaxValue) : requests;
    }
}

/// <summary>Whose budget a request uses.</summary>
internal readonly record struct Charge(Budget Budget, Holder Holder);

/// <summary>What became of a charge, and what the headers say of it.</summary>
/// <param name="Policy">Name of the budget.</param>
/// <param name="Quota">Requests in a window.</param>
/// <param name="Window">The window.</param>
/// <param name="IsGranted">Whether the request may go on.</param>
/// <param name="Remaining">Requests that may come now.</param>
/// <param name="Next">When there will be one more; zero when nothing was used.</param>
internal sealed record Charged(string Policy, int Quota, TimeSpan Window, bool IsGranted, int Remaining, TimeSpan Next);

using System.Threading.RateLimiting;
using LeadCrm.Gateway.RateLimits;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class TokenBucketTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void A_full_bucket_gives_all_it_holds_at_once_and_no_more()
    {
        using var bucket = Bucket(5);

        Take(bucket, 6).ShouldBe([true, true, true, true, true, false]);
    }

    [Fact]
    public void Tokens_come_back_evenly()
    {
        using var bucket = Bucket(60);   // one a second
        Take(bucket, 60);

        clock.Advance(TimeSpan.FromSeconds(2.5));

        Take(bucket, 4).ShouldBe([true, true, false, false]);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Take(bucket, 2).ShouldBe([true, false]);
    }

    [Fact]
    public void A_bucket_that_nobody_used_for_long_holds_no_more_than_its_size()
    {
        using var bucket = Bucket(3);
        clock.Advance(TimeSpan.FromHours(10));

        Take(bucket, 5).Count(granted => granted).ShouldBe(3);
    }

    [Fact]
    public void A_granted_request_is_told_what_is_left_and_when_there_is_more()
    {
        using var bucket = Bucket(60);

        using var lease = bucket.AttemptAcquire();

        lease.TryGetMetadata(TokenBucket.Allowance.Name, out var allowance).ShouldBeTrue();
        allowance.ShouldBe(new(59, TimeSpan.FromSeconds(1)));
        lease.TryGetMetadata(MetadataName.RetryAfter, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_refused_request_is_told_when_to_try_again()
    {
        using var bucket = Bucket(6);   // one in ten seconds
        Take(bucket, 6);
        clock.Advance(TimeSpan.FromSeconds(4));

        using var lease = bucket.AttemptAcquire();

        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait).ShouldBeTrue();
        wait.ShouldBe(TimeSpan.FromSeconds(6), TimeSpan.FromMilliseconds(1));
        clock.Advance(wait + TimeSpan.FromMilliseconds(1));
        Take(bucket, 1).ShouldBe([true]);
    }

    [Fact]
    public void Looking_takes_nothing()
    {
        using var bucket = Bucket(1);

        bucket.AttemptAcquire(0).IsAcquired.ShouldBeTrue();
        Take(bucket, 1).ShouldBe([true]);
        bucket.AttemptAcquire(0).IsAcquired.ShouldBeFalse();
    }

    [Fact]
    public void A_bucket_is_idle_only_once_it_is_full_again()
    {
        using var bucket = Bucket(60);
        Take(bucket, 10);

        clock.Advance(TimeSpan.FromSeconds(9));
        bucket.IdleDuration.ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(6));
        bucket.IdleDuration.ShouldNotBeNull().ShouldBe(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Many_at_once_never_get_more_than_there_is()
    {
        using var bucket = Bucket(1_000);
        var granted = 0;

        Parallel.For(0, 4_000, _ =>
        {
            using var lease = bucket.AttemptAcquire();
            if (lease.IsAcquired) Interlocked.Increment(ref granted);
        });

        granted.ShouldBe(1_000);
    }

    private static bool[] Take(TokenBucket bucket, int times) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        using var lease = bucket.AttemptAcquire();
        return lease.IsAcquired;
    })];

    private TokenBucket Bucket(int size) => new(size, TimeSpan.FromMinutes(1), clock);
}

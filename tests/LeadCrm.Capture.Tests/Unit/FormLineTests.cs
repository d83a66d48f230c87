using LeadCrm.Capture.Delivery;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Unit;

/// <summary>A form's line: one batch at a time, no more than the day's quota.</summary>
public sealed class FormLineTests
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2027, 3, 31);

    [Fact]
    public void One_batch_is_under_way_at_a_time()
    {
        var line = new FormLine(Guid.NewGuid());
        var batch = Guid.NewGuid();
        line.Room(25, null, Today).ShouldBe(25);
        line.HandOn(batch, 25, Today, Noon);
        line.Room(25, null, Today).ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => line.HandOn(Guid.NewGuid(), 1, Today, Noon));
        line.Settle(Guid.NewGuid()).ShouldBeFalse();
        line.Settle(batch).ShouldBeTrue();
        line.Room(25, null, Today).ShouldBe(25);
    }

    [Fact]
    public void WL7d_the_quota_counts_by_day()
    {
        var line = new FormLine(Guid.NewGuid());
        var batch = Guid.NewGuid();
        line.HandOn(batch, 7, Today, Noon);
        line.Settle(batch);
        line.Room(25, 10, Today).ShouldBe(3);
        line.Room(25, 5, Today).ShouldBe(0);
        line.Room(25, 10, Today.AddDays(1)).ShouldBe(10);
    }

    [Fact]
    public void WL7e_the_limit_says_how_long_to_wait_and_lifts_after_a_minute()
    {
        var line = new FormLine(Guid.NewGuid());
        line.Admit(2, Noon).ShouldBeNull();
        line.Admit(2, Noon.AddSeconds(10)).ShouldBeNull();
        line.Admit(2, Noon.AddSeconds(20)).ShouldBe(TimeSpan.FromSeconds(40));
        line.Admit(2, Noon.AddSeconds(60)).ShouldBeNull();
    }

    [Fact]
    public void Places_are_given_once() => Enumerable.Range(0, 3).Aggregate((new FormLine(Guid.NewGuid()), new List<long>()), (all, _) =>
    {
        all.Item2.Add(all.Item1.Enter());
        return all;
    }).Item2.ShouldBe([1, 2, 3]);
}

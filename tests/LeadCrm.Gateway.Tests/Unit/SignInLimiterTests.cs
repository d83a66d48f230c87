using LeadCrm.Gateway.Sessions;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class SignInLimiterTests
{
    private readonly ManualClock clock = new();
    private readonly SignInLimiter limiter;

    public SignInLimiterTests() =>
        limiter = new(clock, Options.Create(new SessionOptions { FailuresPerAccount = 3, FailuresPerAddress = 5, SignInWindow = TimeSpan.FromMinutes(1) }));

    [Fact]
    public void As_many_failures_as_allowed_pass_and_one_more_waits_for_the_rest_of_the_window()
    {
        for (var i = 0; i < 3; i++) limiter.TryBegin("1.2.3.4", "a").ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(20));

        limiter.TryBegin("1.2.3.4", "a").ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void The_next_window_begins_anew()
    {
        for (var i = 0; i < 4; i++) limiter.TryBegin("1.2.3.4", "a");
        clock.Advance(TimeSpan.FromMinutes(1));

        limiter.TryBegin("1.2.3.4", "a").ShouldBeNull();
    }

    [Fact]
    public void Attempts_while_waiting_do_not_make_the_wait_longer()
    {
        for (var i = 0; i < 100; i++) limiter.TryBegin("1.2.3.4", "a");
        clock.Advance(TimeSpan.FromMinutes(1));

        limiter.TryBegin("1.2.3.4", "a").ShouldBeNull();
    }

    [Fact]
    public void Another_address_is_not_held_up()
    {
        for (var i = 0; i < 4; i++) limiter.TryBegin("1.2.3.4", "a");

        limiter.TryBegin("5.6.7.8", "a").ShouldBeNull();
    }

    [Fact]
    public void Successes_do_not_count()
    {
        for (var i = 0; i < 100; i++)
        {
            limiter.TryBegin("1.2.3.4", "a").ShouldBeNull();
            limiter.TakeBack("1.2.3.4", "a");
        }
    }

    [Fact]
    public void One_password_tried_over_many_accounts_is_slowed_down_by_address()
    {
        for (var i = 0; i < 5; i++) limiter.TryBegin("1.2.3.4", $"account {i}").ShouldBeNull();

        limiter.TryBegin("1.2.3.4", "one more").ShouldNotBeNull();
    }

    [Fact]
    public void Guesses_at_the_same_time_are_counted_each()
    {
        var passed = 0;

        Parallel.For(0, 200, _ =>
        {
            if (limiter.TryBegin("1.2.3.4", "a") is null) Interlocked.Increment(ref passed);
        });

        passed.ShouldBe(3);
    }

    [Fact]
    public void What_is_over_is_forgotten_and_what_is_not_stays()
    {
        for (var i = 0; i < 3; i++) limiter.TryBegin("1.2.3.4", "old");
        clock.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 3; i++) limiter.TryBegin("5.6.7.8", "new");
        clock.Advance(TimeSpan.FromSeconds(30));

        limiter.Sweep();

        limiter.TryBegin("1.2.3.4", "old").ShouldBeNull();
        limiter.TryBegin("5.6.7.8", "new").ShouldBe(TimeSpan.FromSeconds(30));
    }
}

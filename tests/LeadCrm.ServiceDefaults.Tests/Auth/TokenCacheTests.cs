using System.Security.Claims;
using LeadCrm.ServiceDefaults.Auth;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Auth;

public sealed class TokenCacheTests
{
    [Fact]
    public void A_token_that_was_found_good_while_the_clock_was_ahead_is_looked_at_again_after_a_minute()
    {
        var clock = new Clock();
        var cache = new TokenCache(clock);
        clock.Now += TimeSpan.FromHours(1);
        cache.Remember("made ahead", Principal(clock.Now.AddMinutes(10)));
        clock.Now -= TimeSpan.FromHours(1);
        cache.Find("made ahead").ShouldNotBeNull();

        clock.Elapsed += TimeSpan.FromSeconds(60);
        cache.Find("made ahead").ShouldBeNull();
    }

    [Fact]
    public void A_token_that_has_run_out_is_not_remembered_any_longer()
    {
        var clock = new Clock();
        var cache = new TokenCache(clock);
        cache.Remember("short", Principal(clock.Now.AddSeconds(5)));
        cache.Find("short").ShouldNotBeNull();

        clock.Now += TimeSpan.FromSeconds(5);
        cache.Find("short").ShouldBeNull();
    }

    private static ActorPrincipal Principal(DateTimeOffset until) => new(new ClaimsIdentity(), Actor.System, until.UtcDateTime);

    /// <summary>The time of day and the time that goes by, each moved by itself.</summary>
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}

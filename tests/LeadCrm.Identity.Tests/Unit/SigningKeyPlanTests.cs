using System.ComponentModel.DataAnnotations;
using LeadCrm.Identity.Tokens;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class SigningKeyPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TokenSettings Settings = new();
    private static readonly KeyTimes First = new("first", Start);

    [Fact]
    public void The_first_key_signs_at_once() => SigningKeyPlan.For([], Start, Settings).CreateActiveFrom.ShouldBe(Start);

    [Fact]
    public void A_young_key_gets_no_successor() => SigningKeyPlan.For([First], Start + TimeSpan.FromDays(20), Settings).CreateActiveFrom.ShouldBeNull();

    [Fact]
    public void The_successor_is_published_ahead_of_its_first_use()
    {
        var due = Start + Settings.SigningKeyLifetime - Settings.PublishAhead;
        SigningKeyPlan.For([First], due - TimeSpan.FromSeconds(1), Settings).CreateActiveFrom.ShouldBeNull();
        SigningKeyPlan.For([First], due, Settings).CreateActiveFrom.ShouldBe(Start + Settings.SigningKeyLifetime);
    }

    [Fact]
    public void After_a_long_stop_a_key_is_still_published_a_full_day_before_it_signs()
    {
        var now = Start + TimeSpan.FromDays(400);
        SigningKeyPlan.For([First], now, Settings).CreateActiveFrom.ShouldBe(now + Settings.PublishAhead);
        Settings.PublishAhead.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(24));
    }

    [Fact]
    public void There_is_never_more_than_one_successor()
    {
        var second = new KeyTimes("second", Start + Settings.SigningKeyLifetime);
        SigningKeyPlan.For([First, second], second.ActiveFrom - TimeSpan.FromHours(1), Settings).CreateActiveFrom.ShouldBeNull();
    }

    [Fact]
    public void The_old_key_stays_until_its_last_token_has_run_out()
    {
        var second = new KeyTimes("second", Start + Settings.SigningKeyLifetime);
        var last = second.ActiveFrom + Settings.AccessTokenLifetime + Settings.ClockSkew;
        SigningKeyPlan.For([First, second], last - TimeSpan.FromSeconds(1), Settings).Drop.ShouldBeEmpty();
        SigningKeyPlan.For([First, second], last, Settings).Drop.ShouldBe(["first"]);
    }

    [Fact]
    public void The_key_that_signs_is_never_dropped() => SigningKeyPlan.For([First], Start + TimeSpan.FromDays(400), Settings).Drop.ShouldBeEmpty();

    [Fact]
    public void A_published_key_does_not_sign_before_its_time()
    {
        var second = new KeyTimes("second", Start + Settings.SigningKeyLifetime);
        SigningKeyPlan.Current([First, second], second.ActiveFrom - TimeSpan.FromTicks(1)).ShouldBe(First);
        SigningKeyPlan.Current([First, second], second.ActiveFrom).ShouldBe(second);
    }

    [Fact]
    public void Over_a_year_of_hourly_rounds_every_token_is_signed_with_a_key_that_was_published_a_day_before()
    {
        var publishedAt = new Dictionary<string, DateTimeOffset>();
        var keys = new List<KeyTimes>();
        var signers = new HashSet<string>();
        for (var now = Start; now < Start + TimeSpan.FromDays(365); now += TimeSpan.FromHours(1))
        {
            var plan = SigningKeyPlan.For(keys, now, Settings);
            if (plan.CreateActiveFrom is { } from)
            {
                keys.Add(new KeyTimes($"key{publishedAt.Count}", from));
                publishedAt.Add(keys[^1].Id, now);
            }
            keys.RemoveAll(key => plan.Drop.Contains(key.Id));

            var signer = SigningKeyPlan.Current(keys, now).ShouldNotBeNull();
            signers.Add(signer.Id);
            if (signer.Id != "key0") (now - publishedAt[signer.Id]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(24));
            keys.Count.ShouldBeLessThanOrEqualTo(2);
        }
        signers.Count.ShouldBe(13);   // the first and one more every 30 days
    }

    [Theory]
    [InlineData(23, 30 * 24)]
    [InlineData(48, 48)]
    public void Settings_that_would_break_the_promise_are_refused(int publishAheadHours, int lifetimeHours)
    {
        var settings = new TokenSettings { PublishAhead = TimeSpan.FromHours(publishAheadHours), SigningKeyLifetime = TimeSpan.FromHours(lifetimeHours) };
        settings.Validate(new ValidationContext(settings)).ShouldHaveSingleItem();
    }

    [Fact]
    public void The_settings_as_they_come_are_good() => Settings.Validate(new ValidationContext(Settings)).ShouldBeEmpty();
}

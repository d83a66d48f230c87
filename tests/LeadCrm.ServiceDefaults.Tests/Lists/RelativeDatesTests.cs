using LeadCrm.ServiceDefaults.Lists;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Lists;

/// <summary>Days as people name them (VW2), on a Wednesday in May.</summary>
public sealed class RelativeDatesTests
{
    private static readonly RelativeDates Dates = new(new DateOnly(2026, 5, 13), TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

    [Theory]
    [InlineData("today", "2026-05-13", "2026-05-14")]
    [InlineData("yesterday", "2026-05-12", "2026-05-13")]
    [InlineData("tomorrow", "2026-05-14", "2026-05-15")]
    [InlineData("today-7d", "2026-05-06", "2026-05-07")]
    [InlineData("today+30d", "2026-06-12", "2026-06-13")]
    [InlineData("thisWeek", "2026-05-11", "2026-05-18")]
    [InlineData("lastWeek", "2026-05-04", "2026-05-11")]
    [InlineData("nextWeek", "2026-05-18", "2026-05-25")]
    [InlineData("thisMonth", "2026-05-01", "2026-06-01")]
    [InlineData("lastMonth", "2026-04-01", "2026-05-01")]
    [InlineData("thisQuarter", "2026-04-01", "2026-07-01")]
    [InlineData("nextQuarter", "2026-07-01", "2026-10-01")]
    [InlineData("lastYear", "2025-01-01", "2026-01-01")]
    public void VW2_a_day_or_period_is_told_by_its_relation_to_today(string text, string from, string to) =>
        Dates.Period(text).ShouldBe((DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory, InlineData("soon"), InlineData("today-d"), InlineData("today-7"), InlineData("today*7d"), InlineData("today-99999999999d"), InlineData("thisDecade"), InlineData("this"), InlineData("2026-05-13"), InlineData("")]
    public void VW2_other_texts_name_none(string text) => Dates.Period(text).ShouldBeNull();

    [Fact]
    public void VW2_a_monday_begins_its_week_and_a_sunday_ends_it()
    {
        (Dates with { Today = new DateOnly(2026, 5, 11) }).Period("thisWeek")!.Value.From.ShouldBe(new DateOnly(2026, 5, 11));
        (Dates with { Today = new DateOnly(2026, 5, 17) }).Period("thisWeek")!.Value.From.ShouldBe(new DateOnly(2026, 5, 11));
    }

    [Fact]
    public void VW2_a_day_begins_where_the_organisation_is()
    {
        Dates.StartOf(new DateOnly(2026, 5, 13)).ShouldBe(new DateTimeOffset(2026, 5, 13, 4, 0, 0, TimeSpan.Zero));
        Dates.StartOf(new DateOnly(2026, 1, 13)).ShouldBe(new DateTimeOffset(2026, 1, 13, 5, 0, 0, TimeSpan.Zero));
        // Clocks in Beirut go from 24:00 to 1:00.
        new RelativeDates(new DateOnly(2024, 3, 31), TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut")).StartOf(new DateOnly(2024, 3, 31)).ShouldBe(new DateTimeOffset(2024, 3, 30, 22, 0, 0, TimeSpan.Zero));
    }
}

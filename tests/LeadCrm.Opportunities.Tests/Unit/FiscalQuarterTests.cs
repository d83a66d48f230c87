using LeadCrm.Opportunities.Organisation;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Unit;

public sealed class FiscalQuarterTests
{
    [Theory]
    [InlineData("2026-01-01", 1, "2026-03-31")]
    [InlineData("2026-03-31", 1, "2026-03-31")]
    [InlineData("2026-04-01", 1, "2026-06-30")]
    [InlineData("2026-12-31", 1, "2026-12-31")]
    [InlineData("2026-05-12", 4, "2026-06-30")]   // April: quarters as the calendar's
    [InlineData("2026-01-15", 2, "2026-01-31")]   // February: January ends the last quarter
    [InlineData("2026-02-01", 2, "2026-04-30")]
    [InlineData("2026-11-30", 2, "2027-01-31")]   // a quarter that reaches into the next year
    [InlineData("2026-12-24", 12, "2027-02-28")]
    [InlineData("2027-12-24", 12, "2028-02-29")]  // leap year
    [InlineData("2026-10-31", 11, "2026-10-31")]
    [InlineData("2026-11-01", 11, "2027-01-31")]
    public void C9_a_new_deal_closes_on_the_last_day_of_the_fiscal_quarter(string day, int firstMonth, string expected) =>
        FiscalQuarter.LastDay(DateOnly.Parse(day), firstMonth).ShouldBe(DateOnly.Parse(expected));

    [Fact]
    public void C9_every_day_of_ten_years_lies_in_a_quarter_that_ends_within_three_months_whatever_the_first_month()
    {
        for (var firstMonth = 1; firstMonth <= 12; firstMonth++)
            for (var day = new DateOnly(2020, 1, 1); day.Year < 2030; day = day.AddDays(1))
            {
                var last = FiscalQuarter.LastDay(day, firstMonth);
                last.ShouldBeInRange(day, day.AddMonths(3));
                last.AddDays(1).Day.ShouldBe(1);
                ((last.AddDays(1).Month - firstMonth + 12) % 3).ShouldBe(0);
            }
    }

    [Fact]
    public void C9_the_organisations_time_zone_decides_which_day_it_is()
    {
        var newYearsEve = new DateTimeOffset(2026, 12, 31, 23, 30, 0, TimeSpan.Zero);
        new OrganisationOptions { TimeZone = "UTC" }.DefaultCloseDate(newYearsEve).ShouldBe(new DateOnly(2026, 12, 31));
        new OrganisationOptions { TimeZone = "Europe/Berlin" }.DefaultCloseDate(newYearsEve).ShouldBe(new DateOnly(2027, 3, 31));
    }
}

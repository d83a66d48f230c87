namespace LeadCrm.Opportunities.Organisation;

/// <summary>Fiscal quarters of a fiscal year that may begin in any month.</summary>
internal static class FiscalQuarter
{
    /// <summary>Last day of the fiscal quarter that <paramref name="day"/> lies in (C9).</summary>
    internal static DateOnly LastDay(DateOnly day, int firstMonth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstMonth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstMonth, 12);
        var monthsIntoYear = (day.Month - firstMonth + 12) % 12;
        var monthsToGo = 2 - monthsIntoYear % 3;
        var year = day.Year + (day.Month + monthsToGo - 1) / 12;
        var month = (day.Month + monthsToGo - 1) % 12 + 1;
        return new DateOnly(year, month, DateTime.DaysInMonth(year, month));
    }
}

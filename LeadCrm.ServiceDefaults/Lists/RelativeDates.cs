using System.Globalization;
using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>
/// Days as people name them, for filters of dates that move on with the calendar: <c>today</c>, <c>yesterday</c>, <c>tomorrow</c>, <c>thisWeek</c>,
/// <c>lastMonth</c>, <c>nextQuarter</c>, <c>thisYear</c> and the like, <c>today-7d</c>, <c>today+30d</c>. Each is a period of whole days of the organisation's
/// calendar; weeks begin on Monday.
/// </summary>
/// <param name="Today">The organisation's local date.</param>
/// <param name="Zone">Its time zone: where its days begin and end.</param>
public sealed record RelativeDates(DateOnly Today, TimeZoneInfo Zone)
{
    private const int MostDays = 36_600;

    /// <summary>As the organisation's settings say; UTC while they are not known.</summary>
    public static RelativeDates Of(IDirectory? directory, TimeProvider clock)
    {
        var zone = directory?.Organisation is { } organisation ? TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone) : TimeZoneInfo.Utc;
        return new RelativeDates(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime), zone);
    }

    /// <summary>The first day of a period and the first one after it; null when the text names none.</summary>
    public (DateOnly From, DateOnly To)? Period(string text)
    {
        switch (text)
        {
            case "today": return Days(0, 1);
            case "yesterday": return Days(-1, 1);
            case "tomorrow": return Days(1, 1);
        }
        if (text.StartsWith("today", StringComparison.Ordinal) && text.EndsWith('d'))
            return text.Length > 7 && text[5] is '+' or '-' && int.TryParse(text.AsSpan(6, text.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MostDays
                ? Days(text[5] == '-' ? -days : days, 1)
                : null;
        var (step, unit) = text switch
        {
            _ when text.StartsWith("this", StringComparison.Ordinal) => (0, text[4..]),
            _ when text.StartsWith("last", StringComparison.Ordinal) => (-1, text[4..]),
            _ when text.StartsWith("next", StringComparison.Ordinal) => (1, text[4..]),
            _ => (0, ""),
        };
        return unit switch
        {
            "Week" => Days(7 * step - ((int)Today.DayOfWeek + 6) % 7, 7),
            "Month" => Months(new DateOnly(Today.Year, Today.Month, 1), step, 1),
            "Quarter" => Months(new DateOnly(Today.Year, 3 * ((Today.Month - 1) / 3) + 1, 1), step, 3),
            "Year" => Months(new DateOnly(Today.Year, 1, 1), step, 12),
            _ => null,
        };
    }

    /// <summary>When a day begins where the organisation is. Where clocks are put forward at midnight it begins an hour later.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        if (Zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(local, Zone), TimeSpan.Zero);
    }

    private (DateOnly, DateOnly) Days(int first, int count) => (Today.AddDays(first), Today.AddDays(first + count));

    private static (DateOnly, DateOnly) Months(DateOnly first, int step, int months) => (first.AddMonths(step * months), first.AddMonths((step + 1) * months));
}

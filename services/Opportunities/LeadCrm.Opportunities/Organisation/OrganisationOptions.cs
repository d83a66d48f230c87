using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Opportunities.Organisation;

/// <summary>
/// What this service needs to know of the organisation, from the configuration section <c>Organisation</c>
/// (<c>Organisation__TimeZone</c>, <c>Organisation__Currency</c>, <c>Organisation__FiscalYearFirstMonth</c>).
/// </summary>
internal sealed class OrganisationOptions
{
    /// <summary>IANA name of the organisation's time zone: decides which day "today" is.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>ISO 4217 code that an amount without a currency is in.</summary>
    [Required, RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    /// <summary>Month (1 to 12) in which the fiscal year begins.</summary>
    [Range(1, 12)]
    public int FiscalYearFirstMonth { get; set; } = 1;

    /// <summary>The organisation's local date at an instant.</summary>
    internal DateOnly LocalDate(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);

    /// <summary>The close date that a new opportunity gets when nobody says otherwise (C9).</summary>
    internal DateOnly DefaultCloseDate(DateTimeOffset now) => FiscalQuarter.LastDay(LocalDate(now), FiscalYearFirstMonth);
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LeadCrm.Activities.Organisation;

/// <summary>What this service needs to know of the organisation, from the configuration section <c>Organisation</c>.</summary>
internal sealed class OrganisationOptions
{
    /// <summary>IANA name of the organisation's time zone: decides which day "today" is.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";
}

/// <summary>The organisation's calendar.</summary>
internal sealed class OrganisationCalendar(TimeProvider clock, IOptions<OrganisationOptions> options)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>Today, where the organisation is.</summary>
    public DateOnly Today => DayOf(clock.GetUtcNow());

    /// <summary>The local day of an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The instant (UTC) at which a local day begins: where midnight is skipped, the first one after it.</summary>
    public DateTimeOffset Start(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

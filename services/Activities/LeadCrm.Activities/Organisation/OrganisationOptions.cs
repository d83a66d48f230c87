using System.ComponentModel.DataAnnotations;
using LeadCrm.ServiceDefaults.Directory;
using Microsoft.Extensions.Options;

namespace LeadCrm.Activities.Organisation;

/// <summary>What holds until the organisation's own settings are known here (configuration section <c>Organisation</c>).</summary>
internal sealed class OrganisationOptions
{
    /// <summary>IANA name of the organisation's time zone: decides which day "today" is.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";
}

/// <summary>The organisation's calendar: in the time zone that its settings name, or the configured one until they are known.</summary>
internal sealed class OrganisationCalendar(TimeProvider clock, IDirectory directory, IOptions<OrganisationOptions> options)
{
    private readonly TimeZoneInfo configured = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    private TimeZoneInfo Zone => directory.Organisation is { } known && TimeZoneInfo.TryFindSystemTimeZoneById(known.TimeZone, out var zone) ? zone : configured;

    /// <summary>Today, where the organisation is.</summary>
    public DateOnly Today => DayOf(clock.GetUtcNow());

    /// <summary>The local day of an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The instant (UTC) at which a local day begins: where midnight is skipped, the first one after it.</summary>
    public DateTimeOffset Start(DateOnly day)
    {
        var (zone, midnight) = (Zone, day.ToDateTime(TimeOnly.MinValue));
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

internal static class OrganisationExtensions
{
    internal static void AddOrganisation(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OrganisationOptions>().BindConfiguration("Organisation").ValidateDataAnnotations()
            .Validate(organisation => TimeZoneInfo.TryFindSystemTimeZoneById(organisation.TimeZone, out _), "Organisation:TimeZone is not the name of a time zone, such as Europe/Berlin.")
            .ValidateOnStart();
        builder.Services.AddSingleton<OrganisationCalendar>();
    }
}

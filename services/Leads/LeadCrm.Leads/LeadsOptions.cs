using LeadCrm.ServiceDefaults.Directory;

namespace LeadCrm.Leads;

/// <summary>Settings of the Leads service (section <c>Leads</c>).</summary>
internal sealed class LeadsOptions
{
    /// <summary>The time zone in which "today" and follow-up dates are meant (IANA name), until the organisation's settings are known.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How often leads whose follow-up date has come are looked for.</summary>
    public TimeSpan ReopenEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many leads are reopened in one transaction.</summary>
    public int ReopenBatch { get; set; } = 200;

    /// <summary>Rows of an import that are committed together.</summary>
    public int ImportChunk { get; set; } = 500;

    /// <summary>Largest file that can be imported, in bytes.</summary>
    public long LargestImport { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How often a replica without work looks for imports to run.</summary>
    public TimeSpan ImportPoll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After this long without a sign of life another replica takes an import over.</summary>
    public TimeSpan ImportLease { get; set; } = TimeSpan.FromSeconds(15);
}

/// <summary>The organisation's calendar, as its settings say.</summary>
internal sealed class OrganisationCalendar(IDirectory directory, TimeProvider clock, Microsoft.Extensions.Options.IOptions<LeadsOptions> options)
{

    /// <summary>Today, where the organisation is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(clock.GetUtcNow(), directory.Organisation?.TimeZone ?? options.Value.TimeZone).DateTime);
}

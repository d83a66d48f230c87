namespace LeadCrm.Leads;

/// <summary>Settings of the Leads service (section <c>Leads</c>).</summary>
internal sealed class LeadsOptions
{
    /// <summary>The organisation's time zone, in which "today" and follow-up dates are meant (IANA name).</summary>
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

/// <summary>The organisation's calendar.</summary>
internal sealed class OrganisationCalendar(TimeProvider clock, Microsoft.Extensions.Options.IOptions<LeadsOptions> options)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>Today, where the organisation is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
}

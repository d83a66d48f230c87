namespace LeadCrm.Capture;

/// <summary>Settings of the Capture service (section <c>Capture</c>).</summary>
internal sealed class CaptureOptions
{
    /// <summary>Where the public reaches the forms, such as <c>https://crm.example.com</c>; when empty, the address that a request came to.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>Submissions of one form that go to Leads in one message.</summary>
    public int Batch { get; set; } = 25;

    /// <summary>How often the lines of the forms are looked through: for what a daily quota held back, and for answers that do not come.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time without an answer a batch is sent again. Leads takes each submission once, however often it is sent.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the same form, e-mail and values are one submission (WL6).</summary>
    public TimeSpan SameFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a sender's own token is remembered (WL6).</summary>
    public TimeSpan TokenFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Largest body of a submission, in bytes.</summary>
    public int LargestBody { get; set; } = 256 * 1024;
}

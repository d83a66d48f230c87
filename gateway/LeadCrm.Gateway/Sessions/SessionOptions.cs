namespace LeadCrm.Gateway.Sessions;

/// <summary>How long sessions live and how often sign-in may be tried (configuration section <c>Gateway:Sessions</c>).</summary>
internal sealed class SessionOptions
{
    /// <summary>A session that nobody used for this long is over.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A session is over this long after sign-in, used or not.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a session is served from memory; a second at most while Identity does not say what was ended.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often Identity is asked what was ended.</summary>
    public TimeSpan AskForEndedEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>An access token with less than this left is renewed before it is used.</summary>
    public TimeSpan RenewBefore { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Length of the window in which failed sign-ins are counted.</summary>
    public TimeSpan SignInWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Failed sign-ins per window from one address for one account. Identity's lockout counts over all addresses.</summary>
    public int FailuresPerAccount { get; set; } = 10;

    /// <summary>Failed sign-ins per window from one address for any account (guessing one password over many accounts).</summary>
    public int FailuresPerAddress { get; set; } = 100;
}

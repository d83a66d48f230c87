namespace LeadCrm.Identity.Sessions;

/// <summary>How long sessions last and when guessing is stopped (section <c>Sessions</c>).</summary>
internal sealed class SessionSettings
{
    /// <summary>A session that was not used for so long is over.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A session is over after so long even when it is used all the time.</summary>
    public TimeSpan LongestLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How exactly the last use is recorded.</summary>
    public TimeSpan RecordUseEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long somebody who has shown the password may take for the code.</summary>
    public TimeSpan ChallengeLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>So many wrong passwords or codes in a row lock the account…</summary>
    public int LockoutAfter { get; set; } = 5;

    /// <summary>…for so long.</summary>
    public TimeSpan LockoutFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long sessions that are over and refused sign-ins are kept.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often what is older is removed.</summary>
    public TimeSpan CleanUpEvery { get; set; } = TimeSpan.FromHours(1);
}

namespace LeadCrm.Gateway.Events;

/// <summary>The event stream (section <c>Gateway:Events</c>).</summary>
internal sealed class EventOptions
{
    /// <summary>After so long without an event a stream says that it lives, so that nothing between here and the browser closes it.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Changes that come within this time are told together.</summary>
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How often a stream looks whether its session was ended.</summary>
    public TimeSpan LookForEnd { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A stream ends after this long and the browser opens the next one, which balances replicas and reads the session anew.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it is remembered what a user may see.</summary>
    public TimeSpan ScopeFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The broker is listened to for so long after the last stream has ended.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Streams that one user may have open at this gateway.</summary>
    public int MostPerUser { get; set; } = 20;

    /// <summary>Changes that are kept for who comes back after a short while.</summary>
    public int Kept { get; set; } = 5_000;
}

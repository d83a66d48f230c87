namespace LeadCrm.Gateway.Tests.Unit;

/// <summary>A clock that stands until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
    private long elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => elapsed;

    /// <summary>Time goes by.</summary>
    public void Advance(TimeSpan by)
    {
        now += by;
        elapsed += by.Ticks;
    }

    /// <summary>Somebody sets the time of day; none goes by.</summary>
    public void Set(TimeSpan by) => now += by;
}

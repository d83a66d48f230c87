using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Leads.Conversion;

/// <summary>What an operator may change about conversions (section <c>Conversion</c>).</summary>
internal sealed class ConversionOptions
{
    public const string Section = "Conversion";

    /// <summary>How long a conversion may take before its pivot; then it is undone.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long participants may take to answer the checks before anything is written.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits at most for the list before to end, when many are under way.</summary>
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the next list waits for those of the one that has just ended: who converts one lead after the other comes back at once.</summary>
    public TimeSpan ComeBack { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a step waits for its answer before its command is sent once more; doubles with each time. A safety net: outbox,
    /// inbox and redelivery already see to it that nothing is lost.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the doubling ends.</summary>
    public TimeSpan ResendAtMost { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a replica looks for conversions that wait.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many waiting conversions one sweep takes on.</summary>
    [Range(1, 10_000)]
    public int SweepBatch { get; set; } = 200;

    /// <summary>How long after its pivot a conversion can be undone (C35).</summary>
    public TimeSpan UndoWindow { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The longest <c>Prefer: wait=N</c> that is honoured.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a replica looks what others did with the conversions that its requests wait for: one query for all of them, and none
    /// when nobody waits.</summary>
    public TimeSpan WatchEvery { get; set; } = TimeSpan.FromMilliseconds(100);
}

using System.Diagnostics.Metrics;

namespace LeadCrm.Capture;

/// <summary>What came in and what was turned away, and why.</summary>
internal sealed class CaptureMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "LeadCrm.Capture";

    private readonly Counter<long> accepted;
    private readonly Counter<long> refused;
    private readonly Counter<long> settled;

    public CaptureMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        accepted = meter.CreateCounter<long>("leadcrm.captures.accepted", "{submission}", "Submissions that were stored, by what became of them");
        refused = meter.CreateCounter<long>("leadcrm.captures.refused", "{submission}", "Submissions that were turned away, by reason");
        settled = meter.CreateCounter<long>("leadcrm.captures.settled", "{submission}", "Submissions that Leads answered, by outcome");
    }

    /// <summary>Stored: <c>waiting</c>, <c>quarantined</c> or <c>repeated</c>.</summary>
    public void Accepted(string outcome) => accepted.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Turned away: <c>invalid</c>, <c>closed</c>, <c>address-limit</c>, <c>form-limit</c>, <c>too-large</c>, <c>unreadable</c> or <c>token-reused</c>.</summary>
    public void Refused(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Answered by Leads: <c>captured</c> or <c>refused</c>.</summary>
    public void Settled(string outcome) => settled.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}

using System.Diagnostics.Metrics;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>What somebody on call would want to be woken for.</summary>
internal sealed class MessagingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "LeadCrm.Messaging";

    private readonly Counter<long> sent;
    private readonly Counter<long> redelivered;
    private readonly Counter<long> parked;

    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        sent = meter.CreateCounter<long>("leadcrm.outbox.sent", "{message}", "Messages that the broker confirmed");
        redelivered = meter.CreateCounter<long>("leadcrm.messages.redelivered", "{message}", "Messages put back for another try");
        parked = meter.CreateCounter<long>("leadcrm.messages.parked", "{message}", "Messages given up");
        meter.CreateObservableGauge("leadcrm.outbox.depth", () => OutboxDepth, "{message}", "Messages in the outbox, counted up to 10,001");
        meter.CreateObservableGauge("leadcrm.outbox.lag", () => OutboxLag.TotalSeconds, "s", "Age of the oldest message that is due");
        meter.CreateObservableGauge("leadcrm.messages.parked.count", () => ParkedCount, "{message}", "Messages waiting for an operator");
    }

    public long OutboxDepth { get; set; }
    public TimeSpan OutboxLag { get; set; }
    public long ParkedCount { get; set; }

    public void Sent(int messages) => sent.Add(messages);
    public void Redelivered(string queue) => redelivered.Add(1, new KeyValuePair<string, object?>("queue", queue));
    public void Parked(string queue) => parked.Add(1, new KeyValuePair<string, object?>("queue", queue));
}

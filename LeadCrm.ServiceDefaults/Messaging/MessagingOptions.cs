namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Settings of messaging; configuration section <c>Messaging</c>. The defaults suit a service on two cores.</summary>
public sealed class MessagingOptions
{
    /// <summary>Messages that one queue works on at the same time. Each takes a database connection.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Messages that the broker sends ahead per queue.</summary>
    public int Prefetch { get; set; } = 16;

    /// <summary>Tries at once, before a message is put back, after lost connections, serialization failures, deadlocks and the like; other failures are put back at once.</summary>
    public int ImmediateRetries { get; set; } = 3;

    /// <summary>Waits before each redelivery; after the last one fails too, the message is parked.</summary>
    public IList<TimeSpan> RedeliveryWaits { get; set; } = [];   // configuration adds to a list: the default comes in where it added nothing

    internal static readonly TimeSpan[] DefaultRedeliveryWaits =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    /// <summary>How long a failed message is held while the database cannot take it down; then it goes back to the broker.</summary>
    public TimeSpan HoldLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the dispatcher waits for the broker's confirmation of a batch.</summary>
    public TimeSpan PublishDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages sent before the confirmations of all of them are awaited.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>How often the outbox is looked at when nothing announces new rows.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often dispatchers look whether the partitions are shared out fairly.</summary>
    public TimeSpan BalanceInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An outbox whose oldest due message is older than this is reported as degraded.</summary>
    public TimeSpan LagLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many days the inbox remembers what took effect.</summary>
    public int InboxDays { get; set; } = 7;

    /// <summary>
    /// How many whole days besides today a message is kept after it was sent, to send it again when the broker's data is lost. Longer than a queue
    /// waits for its service, shorter than <see cref="InboxDays"/>, which tell what had taken effect. 0: not at all.
    /// </summary>
    public int SentDays { get; set; } = 1;
}

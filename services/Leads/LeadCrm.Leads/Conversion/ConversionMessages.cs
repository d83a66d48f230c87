using MassTransit;

namespace LeadCrm.Leads.Conversion;

/// <summary>How a conversion speaks.</summary>
internal static class ConversionMessages
{
    /// <summary>
    /// Publishes a message of a conversion, or of some that go together. All of them carry its id as correlation id (C26), which also keeps them in one
    /// outbox partition, and all of them wait in the outbox while nobody has a queue for them yet.
    /// </summary>
    public static Task Tell<TMessage>(this IPublishEndpoint publish, Guid conversionId, TMessage message, CancellationToken ct)
        where TMessage : class =>
        publish.Publish(message, sending =>
        {
            sending.CorrelationId = conversionId;
            sending.Mandatory = true;
        }, ct);
}

// What the sweep tells the saga. Both stay inside this service, which is why they are not among its contracts; they are public because
// MassTransit would treat non-public messages as temporary on the broker.

/// <summary>The current step of a conversion has waited too long for its answer: ask again.</summary>
public sealed record ConversionStepStalled
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>The deadline before the pivot has passed: undo what was done and give the lead back.</summary>
public sealed record ConversionDeadlinePassed
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>What the sweep found, for many conversions at once.</summary>
public sealed record ConversionReminders
{
    /// <summary>Their current step has waited too long.</summary>
    public IReadOnlyList<ConversionStepStalled> Stalled { get; init; } = [];
    /// <summary>Their deadline has passed.</summary>
    public IReadOnlyList<ConversionDeadlinePassed> PastDeadline { get; init; } = [];
}

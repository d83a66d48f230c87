using MassTransit;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Publishing with what the outbox needs to know.</summary>
public static class PublishExtensions
{
    /// <summary>Publishes an event about an aggregate: its messages share one outbox partition.</summary>
    public static Task PublishFor<T>(this IPublishEndpoint publish, Guid aggregateId, T message, CancellationToken ct = default) where T : class =>
        publish.Publish(message, context => context.GetOrAddPayload(() => new OutboxAggregate(aggregateId)), ct);

    /// <summary>The same under a correlation id of its own, instead of the one of the message that is being consumed.</summary>
    public static Task PublishUnder<T>(this IPublishEndpoint publish, Guid aggregateId, Guid correlationId, T message, CancellationToken ct = default) where T : class =>
        publish.Publish(message, context =>
        {
            context.GetOrAddPayload(() => new OutboxAggregate(aggregateId));
            context.CorrelationId = correlationId;
        }, ct);

    /// <summary>
    /// Publishes a command: like <see cref="PublishFor"/>, but it stays in the outbox while no service has a queue for it yet, instead of
    /// being dropped by the broker.
    /// </summary>
    public static Task CommandFor<T>(this IPublishEndpoint publish, Guid aggregateId, T message, CancellationToken ct = default) where T : class =>
        publish.Publish(message, context =>
        {
            context.GetOrAddPayload(() => new OutboxAggregate(aggregateId));
            context.Mandatory = true;
        }, ct);
}

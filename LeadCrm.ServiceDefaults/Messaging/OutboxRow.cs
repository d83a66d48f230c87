using System.Diagnostics;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Auth;
using MassTransit;
using MassTransit.Logging;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// A message that is to be sent once the transaction around it has committed. Tracked by the scoped DbContext, so that it goes in the
/// same batch and commit as the effect it tells of; read and deleted by <see cref="OutboxDispatcher"/> only.
/// </summary>
internal sealed class OutboxRow
{
    public const short Partitions = 16;

    public Guid MessageId { get; init; }
    public short Partition { get; init; }
    public required string Destination { get; init; }
    public bool Mandatory { get; init; }
    public required string MessageTypes { get; init; }
    public required string ContentType { get; init; }
    public required byte[] Body { get; init; }
    public string Headers { get; init; } = "{}";
    public string? Traceparent { get; init; }
    public Guid? CorrelationId { get; init; }
    public Guid? ConversationId { get; init; }
    public Guid? ActorId { get; init; }
    public Guid? OperationId { get; init; }
    public DateTimeOffset? NotBefore { get; init; }

    // The message id serves EF as the key: the database's identity column would only have to be read back after each insert.
    internal static void Map(ModelBuilder model) => model.Entity<OutboxRow>(row =>
    {
        row.ToTable("outbox", "platform", table => table.ExcludeFromMigrations());
        row.HasKey(r => r.MessageId);
        row.Property(r => r.MessageId).ValueGeneratedNever();
        row.Property(r => r.Headers).HasColumnType("jsonb");
    });

    /// <summary>Takes down what MassTransit is about to send.</summary>
    public static OutboxRow From<T>(SendContext<T> context) where T : class
    {
        // The day in a version 7 id is what the receiver's inbox is partitioned by.
        if (context.MessageId is not { Version: 7 }) context.MessageId = Guid.CreateVersion7();
        var actor = Actor.Current;
        if (!actor.IsSystem) context.Headers.Set(MessageHeaderNames.Actor, actor.UserId.ToString());
        if (actor.OperationId is { } operation)
        {
            context.Headers.Set(MessageHeaderNames.Operation, operation.ToString());
            context.CorrelationId ??= operation;   // one id runs through all that an operation causes, in every service
        }

        var headers = MessageHeaderNames.Text(context.Headers.GetAll());
        headers.Remove(DiagnosticHeaders.ActivityId, out var traceparent);
        return new OutboxRow
        {
            MessageId = context.MessageId!.Value,
            Partition = PartitionOf(context.TryGetPayload<OutboxAggregate>(out var aggregate) ? aggregate.Id : context.CorrelationId ?? context.MessageId.Value),
            Destination = ExchangeOf(context.DestinationAddress!),
            Mandatory = context.TryGetPayload<PublishContext>(out var publish) && publish.Mandatory,
            MessageTypes = string.Join(';', context.SupportedMessageTypes),
            ContentType = context.ContentType?.ToString() ?? context.Serialization.DefaultContentType.ToString(),
            Body = context.Serializer.GetMessageBody(context).GetBytes(),
            Headers = JsonSerializer.Serialize(headers),
            Traceparent = traceparent ?? Activity.Current?.Id,
            CorrelationId = context.CorrelationId,
            ConversationId = context.ConversationId,
            ActorId = actor.IsSystem ? null : actor.UserId,
            OperationId = actor.OperationId,
            NotBefore = context.Delay is { } delay ? DateTimeOffset.UtcNow + delay : null,
        };
    }

    /// <summary>The last byte of an id is random in version 7 and 4 alike, so it spreads evenly.</summary>
    public static short PartitionOf(Guid id) => (short)(id.ToByteArray()[15] % Partitions);

    /// <summary>Only the exchange is kept: host and port of the broker may be others by the time the message is sent.</summary>
    private static string ExchangeOf(Uri address) => Uri.UnescapeDataString(address.Segments[^1].TrimEnd('/'));
}

/// <summary>Which aggregate a message is about; decides its outbox partition.</summary>
internal sealed record OutboxAggregate(Guid Id);

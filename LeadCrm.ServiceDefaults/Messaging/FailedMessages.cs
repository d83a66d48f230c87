using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// What becomes of a message that a queue failed at: another try later, as an outbox row with the same message id that waits, and when
/// the tries are used up a place among the parked messages. Either is committed before the broker may forget the message.
/// </summary>
internal sealed class FailedMessages(
    NpgsqlDataSource dataSource, OutboxSignal signal, MessagingMetrics metrics, TimeProvider clock, IOptions<MessagingOptions> settings,
    ILogger<FailedMessages> log)
{
    private readonly MessagingOptions options = settings.Value;

    /// <summary>Redelivers the message, or parks it after the last try.</summary>
    public Task RedeliverOrPark(ReceiveContext context, Exception exception)
    {
        var message = new FailedMessage(context, exception);
        // What cannot be read will not become readable.
        if (message.Tries > options.RedeliveryWaits.Count || !message.IsReadable) return Park(context, "failed", exception);

        var wait = options.RedeliveryWaits[message.Tries - 1];
        log.LogWarning(exception, "{Queue} failed at message {MessageId} (try {Try}); again in {Wait}", message.Queue, message.MessageId, message.Tries, wait);
        return Hold(message, async ct =>
        {
            await Redeliver(message, wait, ct);
            metrics.Redelivered(message.Queue);
        }, context.CancellationToken);
    }

    /// <summary>Parks the message for an operator.</summary>
    public Task Park(ReceiveContext context, string reason, Exception? exception = null)
    {
        var message = new FailedMessage(context, exception);
        log.LogError(exception, "{Queue} parks message {MessageId}: {Reason}", message.Queue, message.MessageId, reason);
        return Hold(message, async ct =>
        {
            await Park(message, reason, ct);
            metrics.Parked(message.Queue);
        }, context.CancellationToken);
    }

    /// <summary>
    /// While the database is away the message is held here, and its place in the queue's concurrency with it: the queue comes to rest
    /// instead of running messages through failing consumers. After the limit the broker gets it back.
    /// </summary>
    private async Task Hold(FailedMessage message, Func<CancellationToken, Task> write, CancellationToken ct)
    {
        var giveUpAt = clock.GetUtcNow() + options.HoldLimit;
        for (var wait = TimeSpan.FromMilliseconds(200); ; wait = TimeSpan.FromMilliseconds(Math.Min(wait.TotalMilliseconds * 2, 5_000)))
        {
            try
            {
                await write(ct);
                return;
            }
            catch (Exception ex) when (ex is NpgsqlException or TimeoutException && clock.GetUtcNow() < giveUpAt)
            {
                log.LogWarning("Message {MessageId} is held until the database answers ({Reason})", message.MessageId, ex.Message);
                await Task.Delay(wait * (0.8 + Random.Shared.NextDouble() * 0.4), clock, ct);
            }
        }
    }

    private async Task Redeliver(FailedMessage message, TimeSpan wait, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("""
            insert into platform.outbox (partition, message_id, destination, message_types, content_type, body, headers, traceparent,
                                         correlation_id, conversation_id, actor_id, operation_id, not_before)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + $13)
            """);
        command.Parameters.Add(new() { Value = OutboxRow.PartitionOf(message.MessageId!.Value) });
        command.Parameters.Add(new() { Value = message.MessageId.Value });
        command.Parameters.Add(new() { Value = message.Queue });
        AddCommon(command, message, message.HeadersWithTries());
        command.Parameters.Add(Nullable(message.ConversationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Nullable(message.ActorId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Nullable(message.OperationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(new() { Value = wait });
        await command.ExecuteNonQueryAsync(ct);
        if (wait <= options.PollInterval) signal.Poke();
    }

    private async Task Park(FailedMessage message, string reason, CancellationToken ct)
    {
        // The broker hands a message out again when the acknowledgement was lost: it is parked once.
        await using var command = dataSource.CreateCommand("""
            insert into platform.parked_messages (id, message_id, queue, message_types, content_type, body, headers, traceparent, correlation_id,
                                                  actor_id, operation_id, tries, reason, exception)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            on conflict (message_id, queue) do nothing
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(Nullable(message.MessageId, NpgsqlDbType.Uuid));
        command.Parameters.Add(new() { Value = message.Queue });
        AddCommon(command, message, message.Headers);
        command.Parameters.Add(Nullable(message.ActorId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Nullable(message.OperationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(new() { Value = message.Tries });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(Nullable(message.Exception, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void AddCommon(NpgsqlCommand command, FailedMessage message, Dictionary<string, string> headers)
    {
        command.Parameters.Add(new() { Value = message.MessageTypes });
        command.Parameters.Add(new() { Value = message.ContentType });
        command.Parameters.Add(new() { Value = message.Body });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(headers), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(Nullable(message.Traceparent, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(message.CorrelationId, NpgsqlDbType.Uuid));
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

/// <summary>A consumer threw, immediate retries included, or the message could not be read.</summary>
internal sealed class FailedMessageFilter(FailedMessages failed) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await failed.RedeliverOrPark(context, context.Exception);
        if (!context.IsFaulted) await context.NotifyFaulted(context.Exception);   // or it would count as one that nobody consumes
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("redeliverOrPark");
}

/// <summary>A message came that nothing here consumes, or that the broker gave up on: an operator decides.</summary>
internal sealed class ParkFilter(FailedMessages failed, string reason) : IFilter<ReceiveContext>, IFilter<ExceptionReceiveContext>
{
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => failed.Park(context, reason);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await failed.Park(context, reason, context.Exception);
        if (!context.IsFaulted) await context.NotifyFaulted(context.Exception);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");
}

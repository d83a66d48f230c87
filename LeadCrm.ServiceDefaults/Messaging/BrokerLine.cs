using System.Text.Json;
using MassTransit.Logging;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// A connection to the broker beside the bus's, with one channel to send over: the dispatcher's own, and that of the watch over the queues. The client library,
/// when a connection breaks at a bad moment, may leave calls that never end and hear of no deadline, and connections that nobody is told are broken. So nothing here is repaired: what does not answer in time
/// is left behind as a whole, and the next attempt has a connection of its own. A message that was sent after all is received once all the same.
/// </summary>
internal sealed class BrokerLine(IConnection connection, IChannel channel, ILogger log)
{
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);
    private IChannel? asking;

    /// <summary>Connects. Throws when the broker is not there, or not in time.</summary>
    public static async Task<BrokerLine> Open(ConnectionFactory connections, ILogger log, CancellationToken ct)
    {
        var connecting = connections.CreateConnectionAsync(ct);
        IConnection connection;
        try
        {
            connection = await connecting.WaitAsync(ct);
        }
        catch
        {
            _ = CloseLate(connecting, log);
            throw;
        }
        try
        {
            return new BrokerLine(connection, await connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct).WaitAsync(ct), log);
        }
        catch
        {
            _ = Close(connection, log);
            throw;
        }
    }

    /// <summary>Sees to it that the exchanges are there, one after the other: of calls at the same time on a channel that closes some never end.</summary>
    public async Task Declare(IEnumerable<string> exchanges, CancellationToken ct)
    {
        foreach (var exchange in exchanges)
        {
            if (declared.Contains(exchange)) continue;
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct).WaitAsync(ct);
            declared.Add(exchange);
        }
    }

    /// <summary>Gives a stored message back its identity, headers and trace and sends its body as it was written; ends when the broker has confirmed it.</summary>
    public Task Send(OutboxMessage row, CancellationToken ct)
    {
        var properties = new BasicProperties
        {
            MessageId = row.MessageId.ToString(), CorrelationId = row.CorrelationId?.ToString(), ContentType = row.ContentType, Persistent = true,
            Headers = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Headers)!.ToDictionary(header => header.Key, header => (object?)header.Value, StringComparer.Ordinal),
        };
        if (row.Traceparent is not null) properties.Headers[DiagnosticHeaders.ActivityId] = row.Traceparent;
        return channel.BasicPublishAsync(row.Destination, "", row.Mandatory, properties, row.Body, ct).AsTask().WaitAsync(ct);
    }

    /// <summary>
    /// Whether anybody takes messages from a queue; nobody does when it is not there. Over a channel beside the one to send over, because the broker closes
    /// that over which it is asked for a queue that it does not have. One question at a time.
    /// </summary>
    public async Task<bool> IsServed(string queue, CancellationToken ct)
    {
        if (asking is not { IsOpen: true }) asking = await connection.CreateChannelAsync(cancellationToken: ct).WaitAsync(ct);
        try
        {
            return (await asking.QueueDeclarePassiveAsync(queue, ct).WaitAsync(ct)).ConsumerCount > 0;
        }
        catch (OperationInterruptedException ex) when (ex.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    /// <summary>Lets go of it. Nobody waits for that: a broken connection may not even close.</summary>
    public void LeaveBehind() => _ = Close(connection, log);

    /// <summary>Closes in good order, for the end of the process.</summary>
    public Task Close() => Close(connection, log);

    private static async Task CloseLate(Task<IConnection> connecting, ILogger log)
    {
        try
        {
            await Close(await connecting, log);
        }
        catch (Exception ex)
        {
            log.LogDebug(ex, "No connection to the broker");
        }
    }

    private static async Task Close(IConnection connection, ILogger log)
    {
        try
        {
            await connection.DisposeAsync().AsTask().WaitAsync(BrokerAddress.AnswerTimeout);
        }
        catch (Exception ex)
        {
            log.LogDebug(ex, "A connection to the broker did not close");
        }
    }
}

using System.Globalization;
using System.Text.Json;
using MassTransit;
using MassTransit.Logging;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>A received message as it can be stored and sent again. It may be anything: nobody says that it is one of ours.</summary>
internal sealed class FailedMessage
{
    public FailedMessage(ReceiveContext context, Exception? exception)
    {
        ContentType = context.ContentType?.ToString() ?? "application/octet-stream";
        Body = context.Body.GetBytes();
        Queue = context.TransportHeaders.Get<string>("x-first-death-queue") ?? Uri.UnescapeDataString(context.InputAddress.Segments[^1]);
        Headers = MessageHeaderNames.Text(context.TransportHeaders.GetAll());
        Headers.Remove(DiagnosticHeaders.ActivityId, out var traceparent);
        Traceparent = traceparent;
        ActorId = Id(MessageHeaderNames.Actor);
        OperationId = Id(MessageHeaderNames.Operation);
        Tries = 1 + (Headers.TryGetValue(MessageHeaderNames.Tries, out var before) && int.TryParse(before, CultureInfo.InvariantCulture, out var count) ? count : 0);
        Exception = exception?.ToString();

        var envelope = ReadEnvelope(Body);
        IsReadable = envelope?.MessageId is not null;
        MessageId = envelope?.MessageId ?? context.GetMessageId();
        CorrelationId = envelope?.CorrelationId;
        ConversationId = envelope?.ConversationId;
        MessageTypes = string.Join(';', envelope?.MessageType ?? []);
    }

    /// <summary>Whether it is an envelope with an id; only such a message can be tried again.</summary>
    public bool IsReadable { get; }
    public Guid? MessageId { get; }
    public Guid? CorrelationId { get; }
    public Guid? ConversationId { get; }
    public string MessageTypes { get; }
    public string ContentType { get; }
    public byte[] Body { get; }
    public string Queue { get; }
    public Dictionary<string, string> Headers { get; }
    public string? Traceparent { get; }
    public Guid? ActorId { get; }
    public Guid? OperationId { get; }

    /// <summary>How often the queue has failed at it, this time included.</summary>
    public int Tries { get; }
    public string? Exception { get; }

    public Dictionary<string, string> HeadersWithTries() =>
        new(Headers) { [MessageHeaderNames.Tries] = Tries.ToString(CultureInfo.InvariantCulture) };

    private Guid? Id(string header) => Headers.TryGetValue(header, out var text) && Guid.TryParse(text, out var id) ? id : null;

    private static Envelope? ReadEnvelope(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Envelope>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The members of MassTransit's envelope that are of interest here.</summary>
    private sealed record Envelope(Guid? MessageId, Guid? CorrelationId, Guid? ConversationId, string[]? MessageType);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>
/// A durable queue of the test's own, bound to everything that the services publish about records: what the rest of the world would have
/// heard. It survives the broker's kill, as any consumer's queue does.
/// </summary>
internal sealed class EventLog(string broker)
{
    private const string Queue = "test-event-log";
    private static readonly string[] Exchanges =
    [
        "LeadCrm.Leads.Contracts:LeadConverted", "LeadCrm.Accounts.Contracts:AccountChanged", "LeadCrm.Accounts.Contracts:ContactChanged",
        "LeadCrm.Opportunities.Contracts:OpportunityChanged",
    ];

    public async Task Start()
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        foreach (var exchange in Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false);
            await channel.QueueBindAsync(Queue, exchange, "");
        }
    }

    /// <summary>What came, once per message id: the broker may deliver twice, which consumers know by the id.</summary>
    public async Task<List<Heard>> Drain()
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        var heard = new Dictionary<Guid, Heard>();
        while (await channel.BasicGetAsync(Queue, autoAck: true) is { } message)
        {
            var envelope = JsonNode.Parse(message.Body.Span)!;
            var id = envelope["messageId"]!.GetValue<Guid>();
            var type = envelope["messageType"]![0]!.GetValue<string>().Split(':')[^1];
            heard[id] = new Heard(id, type, envelope["message"]!.AsObject(), envelope["correlationId"]?.GetValue<Guid>());
        }
        return [.. heard.Values];
    }

    private Task<IConnection> Connect() => new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();

    internal sealed record Heard(Guid MessageId, string Type, JsonObject Message, Guid? CorrelationId)
    {
        public Guid? ConversionId => Message["conversionId"]?.GetValue<Guid>();
        public int? Sequence => Message["sequence"]?.GetValue<int>();
    }
}

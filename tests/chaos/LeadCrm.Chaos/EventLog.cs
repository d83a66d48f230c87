using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace LeadCrm.Chaos;

/// <summary>A durable queue beside those of the services: what Leads tells of single leads, in the order in which the broker took it.</summary>
internal sealed class EventLog(Uri broker)
{
    public const string Queue = "chaos-event-log";
    private const string Exchange = "LeadCrm.Leads.Contracts:LeadChanged";

    public async Task Start()
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true, autoDelete: false);
        await channel.QueueBindAsync(Queue, Exchange, "");
    }

    /// <summary>Which versions of which lead were told, in order; a message that was sent twice counts where it came first. Empties the queue.</summary>
    public async Task<IReadOnlyDictionary<Guid, List<long>>> Drain()
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        var (told, seen) = (new Dictionary<Guid, List<long>>(), new HashSet<Guid>());
        while (await channel.BasicGetAsync(Queue, autoAck: true) is { } message)
        {
            var envelope = JsonNode.Parse(message.Body.Span)!;
            if (!seen.Add(envelope["messageId"]!.GetValue<Guid>())) continue;
            var lead = envelope["message"]!["lead"]!;
            var id = lead["leadId"]!.GetValue<Guid>();
            if (!told.TryGetValue(id, out var versions)) told[id] = versions = [];
            versions.Add(lead["version"]!.GetValue<long>());
        }
        return told;
    }

    private Task<IConnection> Connect() => new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
}

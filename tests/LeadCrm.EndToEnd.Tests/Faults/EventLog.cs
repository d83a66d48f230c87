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
        "LeadCrm.Leads.Contracts:LeadsConverted", "LeadCrm.Accounts.Contracts:AccountChanged", "LeadCrm.Accounts.Contracts:ContactChanged",
        "LeadCrm.Opportunities.Contracts:OpportunityChanged", "LeadCrm.Accounts.Contracts:AccountsAndContactsRevealed",
        "LeadCrm.Opportunities.Contracts:OpportunitiesRevealed",
    ];

    /// <summary>What a message about several conversions carries: its list, and what each item of it is.</summary>
    private static readonly (string Chunk, string List, string Item)[] Chunks =
    [
        ("LeadsConverted", "items", "LeadConverted"), ("AccountsAndContactsRevealed", "accounts", "AccountChanged"),
        ("AccountsAndContactsRevealed", "contacts", "ContactChanged"), ("OpportunitiesRevealed", "opportunities", "OpportunityChanged"),
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
        var heard = new Dictionary<string, Heard>();
        while (await channel.BasicGetAsync(Queue, autoAck: true) is { } message)
        {
            var envelope = JsonNode.Parse(message.Body.Span)!;
            var id = envelope["messageId"]!.GetValue<Guid>();
            var type = envelope["messageType"]![0]!.GetValue<string>().Split(':')[^1];
            foreach (var one in Read(id, type, envelope["message"]!.AsObject(), envelope["correlationId"]?.GetValue<Guid>())) heard[one.Id] = one;
        }
        return [.. heard.Values];
    }

    private static IEnumerable<Heard> Read(Guid id, string type, JsonObject message, Guid? correlationId)
    {
        var lists = Chunks.Where(chunk => chunk.Chunk == type).ToList();
        if (lists.Count == 0) yield return new Heard(id.ToString(), type, message, correlationId);
        foreach (var (_, list, itemType) in lists)
        {
            var items = message[list]?.AsArray() ?? [];
            foreach (var item in items)
            {
                // Of several conversions in one message each item's own id is what its consumers correlate by.
                var conversion = item!["conversionId"]!.GetValue<Guid>();
                yield return new Heard($"{id} {itemType} {conversion}", itemType, item.AsObject(), (message["items"]?.AsArray() ?? items).Count == 1 ? correlationId : conversion);
            }
        }
    }

    private Task<IConnection> Connect() => new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();

    internal sealed record Heard(string Id, string Type, JsonObject Message, Guid? CorrelationId)
    {
        public Guid? ConversionId => Message["conversionId"]?.GetValue<Guid>();
        public int? Sequence => Message["sequence"]?.GetValue<int>();
    }
}

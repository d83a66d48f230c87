using System.Text.Json;

namespace LeadCrm.Gateway.Events;

/// <summary>A record changed: what is told of it, and what says who may be told.</summary>
/// <param name="Type">Kind of record, such as <c>lead</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version since.</param>
/// <param name="OwnerId">Who owns it.</param>
/// <param name="QueueId">The queue that holds it.</param>
internal sealed record RecordChange(string Type, Guid Id, long Version, Guid? OwnerId, Guid? QueueId)
{
    /// <summary>Who owned it before, as far as this gateway saw: they too want to know that it is no longer theirs.</summary>
    public Guid? FormerOwnerId { get; init; }

    /// <summary>The queue that held it before.</summary>
    public Guid? FormerQueueId { get; init; }
}

/// <summary>
/// Reads the services' events, which exist already, as far as the stream needs them. Anything else in them is not looked at and never leaves the gateway.
/// </summary>
internal static class ChangeMessages
{
    private static readonly Dictionary<string, Func<JsonElement, IEnumerable<RecordChange>>> Readers = new(StringComparer.Ordinal)
    {
        ["LeadCrm.Leads.Contracts:LeadChanged"] = message => [Lead(message.GetProperty("lead"))],
        ["LeadCrm.Leads.Contracts:LeadDetailsChanged"] = message => [Lead(message)],
        ["LeadCrm.Leads.Contracts:LeadsChanged"] = message => message.GetProperty("leads").EnumerateArray().Select(Lead),
        ["LeadCrm.Leads.Contracts:LeadsConverted"] = message => message.GetProperty("items").EnumerateArray().Select(item => Lead(item.GetProperty("lead"))),
        ["LeadCrm.Accounts.Contracts:AccountChanged"] = message => [Owned("account", "accountId", message)],
        ["LeadCrm.Accounts.Contracts:ContactChanged"] = message => [Owned("contact", "contactId", message)],
        ["LeadCrm.Opportunities.Contracts:OpportunityChanged"] = message => [Owned("opportunity", "opportunityId", message)],
        ["LeadCrm.Campaigns.Contracts:CampaignChanged"] = message => [Owned("campaign", "campaignId", message)],
    };

    /// <summary>The exchanges that these events are published to.</summary>
    public static IReadOnlyCollection<string> Exchanges => Readers.Keys;

    /// <summary>What a message tells.</summary>
    /// <exception cref="JsonException">It is no message of this kind.</exception>
    public static IReadOnlyList<RecordChange> Read(string exchange, ReadOnlyMemory<byte> body)
    {
        using var envelope = JsonDocument.Parse(body);
        try
        {
            return [.. Readers[exchange](envelope.RootElement.GetProperty("message"))];
        }
        catch (Exception ex) when (ex is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"This is no message of {exchange}.", ex);
        }
    }

    private static RecordChange Lead(JsonElement lead) => Owned("lead", "leadId", lead);

    private static RecordChange Owned(string type, string id, JsonElement record) =>
        new(type, record.GetProperty(id).GetGuid(), record.GetProperty("version").GetInt64(), Optional(record, "ownerId"), Optional(record, "queueId"));

    private static Guid? Optional(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetGuid() : null;
}

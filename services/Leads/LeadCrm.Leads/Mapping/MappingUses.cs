using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.Leads.AccountMatches;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// Tells the owners of custom fields which of them the mapping speaks of, so that nobody deletes or retypes one before it is taken out of the
/// mapping (C12). The fields of leads are this service's own: they are noted in the running transaction.
/// </summary>
internal sealed class MappingUses(IHttpClientFactory clients, CustomFieldUses ofLeads)
{
    private const string Use = "leads.conversionMapping";
    private const int LongestDetail = 400;
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>
    /// Says which fields these lines speak of, instead of what was said before; answers the definitions that hold from now on. A field that is
    /// missing among them is gone. 503 when an owner cannot be reached.
    /// </summary>
    public async Task<IReadOnlyList<CustomFieldState>> Say(IReadOnlyCollection<MappingRule> rules, FieldCatalog catalog, CancellationToken ct)
    {
        var lines = rules.Select(rule => (Source: catalog.Source(rule.LeadField), Target: catalog.Target(rule.Record, rule.Field)))
            .Where(line => line is { Source: not null, Target: not null }).Select(line => (Source: line.Source!, Target: line.Target!)).ToList();
        var sources = Uses(lines.Where(line => line.Source.CustomId is not null), line => line.Source.CustomId!.Value, CustomFieldSide.Source);
        var targets = lines.Where(line => line.Target.CustomId is not null).ToLookup(line => line.Target.Record == TargetFields.Opportunity ? "opportunities" : "accounts");

        List<CustomFieldState> fields = [.. await ofLeads.Replace(Use, sources, ct)];
        foreach (var owner in (string[])["accounts", "opportunities"])
            fields.AddRange(await Tell(owner, Uses(targets[owner], line => line.Target.CustomId!.Value, CustomFieldSide.Target), ct));
        return fields;
    }

    private static List<CustomFieldUse> Uses(IEnumerable<(SourceField Source, TargetField Target)> lines, Func<(SourceField Source, TargetField Target), Guid> id, CustomFieldSide side) =>
        [.. lines.GroupBy(id).Select(same => new CustomFieldUse(same.Key, side,
            Short("the conversion mapping: " + string.Join(", ", same.Select(line => $"lead “{line.Source.Label}” to {line.Target.Record} “{line.Target.Label}”")))))];

    private async Task<IReadOnlyList<CustomFieldState>> Tell(string owner, List<CustomFieldUse> uses, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(KnownRecordsFeed.ClientOf(owner));
            // Alone in a test or a development setup, a service has no other ones whose fields could be spoken of.
            if (client.BaseAddress is null && uses.Count == 0) return [];
            using var response = await client.PutAsJsonAsync($"/internal/custom-fields/uses/{Use}", new { uses }, Format, ct);
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync<Answer>(Format, ct))!.Fields;
        }
        catch (Exception ex) when (ex is HttpRequestException or InvalidOperationException or JsonException || (ex is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new DomainRuleException("fields-unavailable", $"Whether the custom fields of {owner} can be relied on cannot be found out at the moment. Nothing was changed; try again in a few seconds.", 503);
        }
    }

    private static string Short(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail] + "…";

    private sealed record Answer(IReadOnlyList<CustomFieldState> Fields);
}

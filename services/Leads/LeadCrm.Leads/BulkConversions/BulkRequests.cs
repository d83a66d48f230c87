using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Conversion;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>The request of each lead: what is different for it, laid over what holds for all, member by member (RFC 7396).</summary>
internal static class BulkRequests
{
    /// <summary>The request that a lead is converted with.</summary>
    public static ConversionRequest Of(JsonObject? defaults, string? different) =>
        Read(different is null ? defaults ?? [] : Lay(JsonNode.Parse(different)!.AsObject(), defaults));

    /// <summary>Reads a request as the endpoint for a single lead would; what that would refuse lands in <paramref name="errors"/>.</summary>
    public static void Check(JsonObject? request, string member, FieldErrors errors)
    {
        if (request is null) return;
        try
        {
            if (Read(request).DryRun) errors.Add(member, "A trial is asked for once, for all leads: set dryRun beside the defaults.");
        }
        catch (JsonException ex)
        {
            errors.Add(member, $"This is no conversion request: {ex.Message}");
        }
    }

    private static ConversionRequest Read(JsonObject request) => request.Deserialize<ConversionRequest>(Json.Options)!;

    private static JsonObject Lay(JsonObject different, JsonObject? over)
    {
        var merged = over?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in different)
        {
            if (value is JsonObject part) merged[name] = Lay(part, merged[name] as JsonObject);
            else merged[name] = value?.DeepClone();
        }
        return merged;
    }
}

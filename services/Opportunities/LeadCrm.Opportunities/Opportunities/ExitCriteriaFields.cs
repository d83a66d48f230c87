using System.Collections.Frozen;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>The fields that a stage may ask for before a deal moves on (OP2), and when each counts as filled.</summary>
internal static class ExitCriteriaFields
{
    private static readonly FrozenDictionary<string, Func<OpportunityValues, bool>> Filled = new Dictionary<string, Func<OpportunityValues, bool>>
    {
        ["amount"] = o => o.Amount is not null,
        ["type"] = o => !string.IsNullOrWhiteSpace(o.Type),
        ["source"] = o => !string.IsNullOrWhiteSpace(o.Source),
        ["primaryCampaignId"] = o => o.PrimaryCampaignId is not null,
        ["nextStep"] = o => !string.IsNullOrWhiteSpace(o.NextStep),
        ["description"] = o => !string.IsNullOrWhiteSpace(o.Description),
        ["competitors"] = o => o.Competitors.Count > 0,
        ["team"] = o => o.Team.Count > 0,
        ["primaryContact"] = o => o.HasPrimaryContact,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static IEnumerable<string> Names => Filled.Keys.Order(StringComparer.Ordinal);

    internal static bool Exists(string field) => Filled.ContainsKey(field);

    /// <summary>Those of the asked fields that are still empty.</summary>
    internal static IEnumerable<string> Missing(IEnumerable<string> criteria, OpportunityValues values) =>
        criteria.Where(f => Filled.TryGetValue(f, out var filled) && !filled(values));
}

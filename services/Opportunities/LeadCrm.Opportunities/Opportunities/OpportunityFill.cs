using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>
/// What a conversion writes into empty fields of an existing opportunity (C10). Null: nothing. Kept with the conversion's step, so that
/// an undo knows what to take back.
/// </summary>
internal sealed record OpportunityFill
{
    public decimal? Amount { get; init; }
    /// <summary>Goes with the amount.</summary>
    public string? Currency { get; init; }
    /// <summary>The currency that the empty amount had.</summary>
    public string? CurrencyBefore { get; init; }
    public string? Source { get; init; }
    public string? NextStep { get; init; }
    public string? Description { get; init; }
    public Guid? PrimaryCampaignId { get; init; }
    public string? Type { get; init; }
    /// <summary>Custom fields by key, each value as JSON.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }

    internal static IReadOnlyDictionary<string, string> NoCustom { get; } = new Dictionary<string, string>();

    internal bool IsEmpty => this is { Amount: null, Source: null, NextStep: null, Description: null, PrimaryCampaignId: null, Type: null, Custom: null };

    /// <summary>Custom values without those that a conversion filled and nobody changed since.</summary>
    internal static string? Without(string? custom, IReadOnlyDictionary<string, string>? filled)
    {
        foreach (var (key, json) in filled ?? NoCustom)
            if (CustomJson.Get(custom, key) == json) custom = CustomJson.With(custom, key, null);
        return custom;
    }
}

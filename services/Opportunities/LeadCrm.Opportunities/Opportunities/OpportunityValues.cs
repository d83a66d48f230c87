using System.Text.Json;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Bulk;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>A colleague on the deal beside the owner.</summary>
internal sealed record TeamMember
{
    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }
    /// <summary>What the user does on this deal, such as "Pre-sales".</summary>
    public string? Role { get; init; }
}

/// <summary>
/// The editable values of an opportunity, checked by one set of rules whether they come from the API, a patch or a conversion (C6).
/// </summary>
internal sealed record OpportunityValues
{
    internal const int NameLength = 255, TextLength = 255, NextStepLength = 1_000, DescriptionLength = 32_000, ListLength = 50;
    private const decimal LargestAmount = 999_999_999_999_999.9999m;

    public required string Name { get; init; }
    public required Guid AccountId { get; init; }
    public decimal? Amount { get; init; }
    public required string Currency { get; init; }
    public required DateOnly CloseDate { get; init; }
    public required int Probability { get; init; }
    public required ForecastCategory ForecastCategory { get; init; }
    public string? Type { get; init; }
    public string? Source { get; init; }
    public Guid? PrimaryCampaignId { get; init; }
    public string? NextStep { get; init; }
    public required Guid OwnerId { get; init; }
    public IReadOnlyList<TeamMember> Team { get; init; } = [];
    public IReadOnlyList<string> Competitors { get; init; } = [];
    public string? Description { get; init; }
    public string? ExternalId { get; init; }

    /// <summary>Custom fields by key, checked by their own rules before.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    /// <summary>Not a field of its own: exit criteria may ask for it.</summary>
    internal bool HasPrimaryContact { get; init; }

    /// <summary>Every broken rule as field and message. Nothing is shortened or rounded to fit.</summary>
    internal IEnumerable<(string Field, string Message)> Violations()
    {
        if (string.IsNullOrWhiteSpace(Name)) yield return ("name", "A name is needed.");
        foreach (var violation in TooLong("name", Name, NameLength)) yield return violation;
        if (AccountId == Guid.Empty) yield return ("accountId", "An account is needed.");
        foreach (var violation in AmountViolations(Amount)) yield return violation;
        if (!Currencies.Exists(Currency)) yield return ("currency", $"'{Currency}' is not an ISO 4217 currency code, such as EUR.");
        if (CloseDate.Year is < 1900 or > 2200) yield return ("closeDate", "The close date lies between 1900 and 2200.");
        if (Probability is < 0 or > 100) yield return ("probability", "A percentage lies between 0 and 100.");
        foreach (var violation in TooLong("type", Type, TextLength)) yield return violation;
        foreach (var violation in TooLong("source", Source, TextLength)) yield return violation;
        foreach (var violation in TooLong("nextStep", NextStep, NextStepLength)) yield return violation;
        foreach (var violation in TooLong("externalId", ExternalId, ExternalIds.Longest)) yield return violation;
        foreach (var violation in TooLong("description", Description, DescriptionLength)) yield return violation;
        if (OwnerId == Guid.Empty) yield return ("ownerId", "An owner is needed.");
        if (Team.Count > ListLength) yield return ("team", $"A team has up to {ListLength} members.");
        if (Team.DistinctBy(m => m.UserId).Count() != Team.Count) yield return ("team", "A user is named twice.");
        foreach (var member in Team)
            foreach (var violation in TooLong("team", member.Role, TextLength)) yield return violation;
        if (Competitors.Count > ListLength) yield return ("competitors", $"Up to {ListLength} competitors can be named.");
        if (Competitors.Any(string.IsNullOrWhiteSpace)) yield return ("competitors", "A competitor needs a name.");
        foreach (var competitor in Competitors)
            foreach (var violation in TooLong("competitors", competitor, TextLength)) yield return violation;
    }

    internal static IEnumerable<(string Field, string Message)> AmountViolations(decimal? amount)
    {
        if (amount is not { } value) yield break;
        if (value < 0) yield return ("amount", "An amount is not negative.");
        if (value > LargestAmount) yield return ("amount", "An amount has up to 15 digits before the point.");
        if (decimal.Round(value, 4) != value) yield return ("amount", "An amount has up to 4 digits after the point.");
    }

    internal static IEnumerable<(string Field, string Message)> TooLong(string field, string? text, int length)
    {
        if (text?.Length > length) yield return (field, $"Up to {length} characters fit, these are {text.Length}. Shorten the text.");
    }
}

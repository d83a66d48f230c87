using System.Text.Json;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>The fields of an opportunity that are edited freely; the stage moves by an action of its own. Body of PATCH.</summary>
internal sealed record OpportunityInput
{
    /// <summary>Name of the deal.</summary>
    public string? Name { get; init; }
    /// <summary>The account it is with.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>Amount, up to 4 digits after the point.</summary>
    public decimal? Amount { get; init; }
    /// <summary>ISO 4217 code; the organisation's when left out.</summary>
    public string? Currency { get; init; }
    /// <summary>Expected close date; the last day of the fiscal quarter when left out of a new opportunity.</summary>
    public DateOnly? CloseDate { get; init; }
    /// <summary>Percent; the stage's when left out.</summary>
    public int? Probability { get; init; }
    /// <summary>Forecast category; the stage's when left out.</summary>
    public ForecastCategory? ForecastCategory { get; init; }
    /// <summary>Type of business, such as "New business" or "Renewal".</summary>
    public string? Type { get; init; }
    /// <summary>Where the deal came from.</summary>
    public string? Source { get; init; }
    /// <summary>Primary campaign.</summary>
    public Guid? PrimaryCampaignId { get; init; }
    /// <summary>What happens next.</summary>
    public string? NextStep { get; init; }
    /// <summary>Owner, an active user; whoever creates the opportunity when left out.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Colleagues on the deal.</summary>
    public IReadOnlyList<TeamMember>? Team { get; init; }
    /// <summary>Names of competitors.</summary>
    public IReadOnlyList<string>? Competitors { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>The opportunity's key in another system; no two opportunities have the same.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key; each value in the form of its field's type. What is left out of a change stays, null clears.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

    internal static OpportunityInput From(Opportunity opportunity) => new()
    {
        Name = opportunity.Name,
        AccountId = opportunity.AccountId,
        Amount = opportunity.Amount,
        Currency = opportunity.Currency,
        CloseDate = opportunity.CloseDate,
        Probability = opportunity.Probability,
        ForecastCategory = opportunity.ForecastCategory,
        Type = opportunity.Type,
        Source = opportunity.Source,
        PrimaryCampaignId = opportunity.PrimaryCampaignId,
        NextStep = opportunity.NextStep,
        OwnerId = opportunity.OwnerId,
        Team = opportunity.Team,
        Competitors = opportunity.Competitors,
        Description = opportunity.Description,
        ExternalId = opportunity.ExternalId,
        Custom = CustomJson.Read(opportunity.Custom),
    };

    /// <summary>The values, with defaults where nothing is said. What is needed and missing is left empty and found by the rules.</summary>
    internal OpportunityValues ToValues(StageInfo stage, string defaultCurrency, DateOnly defaultCloseDate, Guid defaultOwner) => new()
    {
        Name = Name ?? "",
        AccountId = AccountId ?? Guid.Empty,
        Amount = Amount,
        Currency = Currency ?? defaultCurrency,
        CloseDate = CloseDate ?? defaultCloseDate,
        Probability = Probability ?? stage.Probability,
        ForecastCategory = ForecastCategory ?? stage.ForecastCategory,
        Type = Text(Type),
        Source = Text(Source),
        PrimaryCampaignId = PrimaryCampaignId,
        NextStep = Text(NextStep),
        OwnerId = OwnerId ?? defaultOwner,
        Team = Team ?? [],
        Competitors = Competitors ?? [],
        Description = Text(Description),
        ExternalId = Text(ExternalId?.Trim()),
        Custom = Custom,
    };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

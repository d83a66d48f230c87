using System.Text.Json;
using LeadCrm.Opportunities.Pipelines;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>A contact on the deal, as it is read.</summary>
internal sealed record ContactRoleResponse
{
    /// <summary>The contact.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>Its name, when known here.</summary>
    public string? ContactName { get; init; }
    /// <summary>Its part in the deal.</summary>
    public required ContactRoleKind Role { get; init; }
    /// <summary>True for the one primary contact.</summary>
    public required bool IsPrimary { get; init; }
    /// <summary>True while the conversion that added it is running.</summary>
    public required bool Provisional { get; init; }
}

/// <summary>A lead that converted into this opportunity.</summary>
internal sealed record ConvertedLeadResponse
{
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>Its conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>True when that conversion made the opportunity.</summary>
    public required bool Created { get; init; }
}

/// <summary>An opportunity as it is read.</summary>
internal sealed record OpportunityResponse
{
    /// <summary>The opportunity.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its version, also its ETag.</summary>
    public required long Version { get; init; }
    /// <summary>True while the conversion that created it is running: it can be read by id, but not changed or found.</summary>
    public required bool Provisional { get; init; }
    /// <summary>That conversion.</summary>
    public Guid? PendingConversionId { get; init; }
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>Its name, when known here.</summary>
    public string? AccountName { get; init; }
    /// <summary>Amount.</summary>
    public decimal? Amount { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }
    /// <summary>Expected or actual close date.</summary>
    public required DateOnly CloseDate { get; init; }
    /// <summary>The pipeline.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>The stage.</summary>
    public required Guid StageId { get; init; }
    /// <summary>The stage's name.</summary>
    public required string Stage { get; init; }
    /// <summary>Open, won or lost.</summary>
    public required StageCategory StageCategory { get; init; }
    /// <summary>When it came into the stage (UTC).</summary>
    public required DateTimeOffset StageEnteredAt { get; init; }
    /// <summary>Whole days in the stage.</summary>
    public required int DaysInStage { get; init; }
    /// <summary>True when it is open and longer in its stage than expected.</summary>
    public required bool Rotting { get; init; }
    /// <summary>Percent.</summary>
    public required int Probability { get; init; }
    /// <summary>Forecast category.</summary>
    public required ForecastCategory ForecastCategory { get; init; }
    /// <summary>Type.</summary>
    public string? Type { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>Primary campaign.</summary>
    public Guid? PrimaryCampaignId { get; init; }
    /// <summary>Next step.</summary>
    public string? NextStep { get; init; }
    /// <summary>Owner.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The owner's name, when known here.</summary>
    public string? OwnerName { get; init; }
    /// <summary>Colleagues on the deal.</summary>
    public required IReadOnlyList<TeamMember> Team { get; init; }
    /// <summary>Competitors.</summary>
    public required IReadOnlyList<string> Competitors { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>Its key in another system.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Custom { get; init; }
    /// <summary>Why it was won or lost.</summary>
    public string? CloseReason { get; init; }
    /// <summary>When it was won or lost (UTC).</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    /// <summary>Contacts on the deal, the primary one first.</summary>
    public required IReadOnlyList<ContactRoleResponse> ContactRoles { get; init; }
    /// <summary>The leads that became it.</summary>
    public required IReadOnlyList<ConvertedLeadResponse> Leads { get; init; }
    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Who created it.</summary>
    public Guid? CreatedBy { get; init; }
    /// <summary>When it was last changed (UTC).</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Who changed it last.</summary>
    public Guid? UpdatedBy { get; init; }
}

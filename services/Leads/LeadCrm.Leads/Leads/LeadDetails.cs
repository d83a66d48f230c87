using System.Text.Json;

namespace LeadCrm.Leads.Leads;

/// <summary>What people know and type about a lead (LD1). Status, owner and conversion have actions of their own.</summary>
internal record LeadDetails
{
    /// <summary>Salutation, such as <c>Ms.</c></summary>
    public string? Salutation { get; init; }
    /// <summary>First name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Last name; required.</summary>
    public string? LastName { get; init; }
    /// <summary>Company; required when there is no e-mail.</summary>
    public string? Company { get; init; }
    /// <summary>Job title.</summary>
    public string? Title { get; init; }
    /// <summary>E-mail; stored in lower case.</summary>
    public string? Email { get; init; }
    /// <summary>Phone; stored in E.164 where its country is known.</summary>
    public string? Phone { get; init; }
    /// <summary>Mobile phone.</summary>
    public string? Mobile { get; init; }
    /// <summary>Fax.</summary>
    public string? Fax { get; init; }
    /// <summary>Website; stored with its scheme.</summary>
    public string? Website { get; init; }
    /// <summary>Street and number; may have several lines.</summary>
    public string? Street { get; init; }
    /// <summary>City.</summary>
    public string? City { get; init; }
    /// <summary>State or region.</summary>
    public string? State { get; init; }
    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }
    /// <summary>Country by name or code; stored as ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }
    /// <summary>Industry.</summary>
    public string? Industry { get; init; }
    /// <summary>Annual revenue in <see cref="RevenueCurrency"/>.</summary>
    public decimal? AnnualRevenue { get; init; }
    /// <summary>ISO 4217 code; the organisation's currency when a revenue comes without one.</summary>
    public string? RevenueCurrency { get; init; }
    /// <summary>Number of employees.</summary>
    public int? Employees { get; init; }
    /// <summary>Where the lead came from.</summary>
    public string? Source { get; init; }
    /// <summary>Rating, such as <c>Hot</c>.</summary>
    public string? Rating { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>True: must not be called.</summary>
    public bool DoNotCall { get; init; }
    /// <summary>True: must not be mailed.</summary>
    public bool EmailOptOut { get; init; }
    /// <summary>The person's profiles in social networks.</summary>
    public SocialProfiles? PersonalProfiles { get; init; }
    /// <summary>The company's profiles in social networks.</summary>
    public SocialProfiles? CompanyProfiles { get; init; }
    /// <summary>Which products interest the lead.</summary>
    public string? ProductInterest { get; init; }
    /// <summary>Money set aside, in <see cref="BudgetCurrency"/>.</summary>
    public decimal? Budget { get; init; }
    /// <summary>ISO 4217 code of the budget.</summary>
    public string? BudgetCurrency { get; init; }
    /// <summary>When they want to decide.</summary>
    public string? Timeframe { get; init; }
    /// <summary>What they need.</summary>
    public string? Need { get; init; }
    /// <summary>What happens next.</summary>
    public string? NextStep { get; init; }
    /// <summary>Who referred the lead: a contact or another lead.</summary>
    public Referrer? ReferredBy { get; init; }
    /// <summary>Campaign of origin.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>Campaign parameters of the link that brought the lead.</summary>
    public UtmSet? Utm { get; init; }
    /// <summary>What the person agreed to, and when.</summary>
    public IReadOnlyList<Consent>? Consents { get; init; }
    /// <summary>The lead's key in another system; no two leads have the same.</summary>
    public string? ExternalId { get; init; }
    /// <summary>Custom fields by key; each value in the form of its field's type. What is left out of a change stays, null clears.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }
}

/// <summary>Addresses of profiles in social networks.</summary>
internal sealed record SocialProfiles
{
    /// <summary>LinkedIn.</summary>
    public string? LinkedIn { get; init; }
    /// <summary>X.</summary>
    public string? X { get; init; }
    /// <summary>Facebook.</summary>
    public string? Facebook { get; init; }
    /// <summary>Instagram.</summary>
    public string? Instagram { get; init; }
    /// <summary>XING.</summary>
    public string? Xing { get; init; }
    /// <summary>YouTube.</summary>
    public string? YouTube { get; init; }
}

/// <summary>Who referred a lead.</summary>
internal sealed record Referrer(ReferrerKind Kind, Guid Id);

/// <summary>What kind of record referred a lead.</summary>
internal enum ReferrerKind
{
    /// <summary>A contact.</summary>
    Contact,
    /// <summary>Another lead.</summary>
    Lead,
}

/// <summary>Campaign parameters of a link.</summary>
internal sealed record UtmSet
{
    /// <summary><c>utm_source</c></summary>
    public string? Source { get; init; }
    /// <summary><c>utm_medium</c></summary>
    public string? Medium { get; init; }
    /// <summary><c>utm_campaign</c></summary>
    public string? Campaign { get; init; }
    /// <summary><c>utm_term</c></summary>
    public string? Term { get; init; }
    /// <summary><c>utm_content</c></summary>
    public string? Content { get; init; }
}

/// <summary>Something a person agreed to or declined.</summary>
internal sealed record Consent
{
    /// <summary>What for, such as <c>newsletter</c>.</summary>
    public required string Purpose { get; init; }
    /// <summary>True: agreed; false: declined or withdrawn.</summary>
    public required bool Granted { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Where it was given, such as a form's name.</summary>
    public string? Source { get; init; }
    /// <summary>The words the person agreed to.</summary>
    public string? Text { get; init; }
    /// <summary>Version of these words.</summary>
    public string? Version { get; init; }
    /// <summary>The network address that it came from.</summary>
    public string? IpAddress { get; init; }
}

namespace LeadCrm.Opportunities.Contracts;

/// <summary>
/// Step 2 of a conversion: create the opportunity, or attach the contact to an existing open one of the account, with a contact role.
/// Also the body of the check (step 0), which answers what this command would run into, without writing.
/// </summary>
public sealed record CreateOrAttachOpportunity
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>Who converts; permissions are checked against this user.</summary>
    public required Guid ActingUserId { get; init; }
    /// <summary>Owner of what is created.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The opportunity to create or to attach to.</summary>
    public required Guid OpportunityId { get; init; }
    /// <summary>True: create it; false: it must exist, be open and be on the account (C4).</summary>
    public required bool Create { get; init; }
    /// <summary>The account, resolved by step 1.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>Its name.</summary>
    public string? AccountName { get; init; }
    /// <summary>The contact, resolved by step 1.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>Its name.</summary>
    public string? ContactName { get; init; }
    /// <summary>True when <see cref="AccountId"/> is created by this conversion, so no existing opportunity can be on it.</summary>
    public bool AccountIsNew { get; init; }
    /// <summary>Contact role; null means no particular role.</summary>
    public string? Role { get; init; }
    /// <summary>Name of a new opportunity; the account's name when null (C8).</summary>
    public string? Name { get; init; }
    /// <summary>Stage of a new opportunity; the default pipeline's first when null (C9).</summary>
    public string? Stage { get; init; }
    /// <summary>Amount in <see cref="Currency"/>.</summary>
    public decimal? Amount { get; init; }
    /// <summary>ISO 4217 code; the organisation's when null.</summary>
    public string? Currency { get; init; }
    /// <summary>Close date; the last day of the current fiscal quarter when null (C9).</summary>
    public DateOnly? CloseDate { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>Next step.</summary>
    public string? NextStep { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>Primary campaign.</summary>
    public Guid? PrimaryCampaignId { get; init; }
    /// <summary>Type, when a custom mapping or the request gives one.</summary>
    public string? Type { get; init; }
    /// <summary>
    /// Set when the amount was mapped from the lead: the exchange rates as they stood when the conversion began, should the amount have to be in
    /// another currency than the lead's (C13). Null: the amount is meant in <see cref="Currency"/>, as the request gave it.
    /// </summary>
    public IReadOnlyList<StampedRate>? Rates { get; init; }
    /// <summary>The currency that the request wants a mapped amount in; null: an existing opportunity's own, otherwise the lead's.</summary>
    public string? WantedCurrency { get; init; }
    /// <summary>Values for custom fields by key, each as text: a number with a point, a date as 2026-03-31, a list with semicolons, an amount with its currency behind it.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
}

/// <summary>What one unit of a currency was worth in another when the conversion began (C13).</summary>
public sealed record StampedRate
{
    /// <summary>ISO 4217 code.</summary>
    public required string From { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string To { get; init; }
    /// <summary>Units of <see cref="To"/> for one unit of <see cref="From"/>; more than 0.</summary>
    public required decimal Rate { get; init; }
    /// <summary>The day that the rate is of.</summary>
    public required DateOnly AsOf { get; init; }
}

/// <summary>One broken rule of one field (C6).</summary>
public sealed record OpportunityViolation
{
    /// <summary>Field in camelCase.</summary>
    public required string Field { get; init; }
    /// <summary>What is wrong and what to do.</summary>
    public required string Message { get; init; }
}

/// <summary>Where one value of the opportunity came from (C24).</summary>
public sealed record OpportunityProvenance
{
    /// <summary>Field in camelCase.</summary>
    public required string Field { get; init; }
    /// <summary><c>set</c>, <c>filled</c>, <c>kept</c> or <c>default</c>.</summary>
    public required string Outcome { get; init; }
    /// <summary>The value that the record holds now, as text.</summary>
    public string? Value { get; init; }
    /// <summary>What a converted amount was before, at which rate and of which day: <c>1000 GBP at 1.17 EUR (2026-03-31)</c> (C13).</summary>
    public string? Original { get; init; }
}

/// <summary>Answer to step 2: the opportunity is there, provisional when new.</summary>
public sealed record OpportunityReady
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The opportunity.</summary>
    public required Guid OpportunityId { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>True when the conversion made it.</summary>
    public required bool Created { get; init; }
    /// <summary>True when the conversion filled fields or added a role.</summary>
    public required bool Updated { get; init; }
    /// <summary>Per field, what happened.</summary>
    public IReadOnlyList<OpportunityProvenance> Provenance { get; init; } = [];
}

/// <summary>Answer to step 2: refused, nothing was written.</summary>
public sealed record OpportunityRefused
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>403, 409 or 422: what the HTTP answer would have been.</summary>
    public required int Status { get; init; }
    /// <summary>What happened and what to do, in one sentence.</summary>
    public required string Reason { get; init; }
    /// <summary>All broken rules.</summary>
    public IReadOnlyList<OpportunityViolation> Violations { get; init; } = [];
}

/// <summary>What step 0 answers: the same verdict as the step would give, before anything is written.</summary>
public sealed record OpportunityConversionCheck
{
    /// <summary>200 when the step would succeed, otherwise 403, 409 or 422.</summary>
    public required int Status { get; init; }
    /// <summary>What is wrong, when it is.</summary>
    public string? Reason { get; init; }
    /// <summary>All broken rules.</summary>
    public IReadOnlyList<OpportunityViolation> Violations { get; init; } = [];
    /// <summary>Open opportunities of the account asked about, so that one can be chosen instead (C22).</summary>
    public IReadOnlyList<OpenOpportunity> OpenOpportunities { get; init; } = [];
    /// <summary>Per field, what would happen.</summary>
    public IReadOnlyList<OpportunityProvenance> Provenance { get; init; } = [];
    /// <summary>The name the opportunity has or would get.</summary>
    public string? Name { get; init; }
    /// <summary>True when an existing opportunity would be changed.</summary>
    public bool Updates { get; init; }
}

/// <summary>An open opportunity of an account.</summary>
public sealed record OpenOpportunity
{
    /// <summary>Its id.</summary>
    public required Guid OpportunityId { get; init; }
    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Its stage.</summary>
    public required string Stage { get; init; }
    /// <summary>Amount in <see cref="Currency"/>.</summary>
    public decimal? Amount { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }
    /// <summary>Expected close date.</summary>
    public required DateOnly CloseDate { get; init; }
}

/// <summary>Undo what step 2 of this conversion did; leaves a tombstone, so that a late <see cref="CreateOrAttachOpportunity"/> is refused.</summary>
public sealed record UndoOpportunity
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>Answer: nothing of the conversion is left in Opportunities.</summary>
public sealed record OpportunityUndone
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>Answer to <c>LeadConverted</c>: the opportunity is no longer provisional and its event is out.</summary>
public sealed record OpportunityRevealed
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

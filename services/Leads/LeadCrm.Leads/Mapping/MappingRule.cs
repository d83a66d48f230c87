namespace LeadCrm.Leads.Mapping;

/// <summary>A line of the mapping: a field of the lead feeds a field of what it becomes.</summary>
internal sealed record MappingRule
{
    /// <summary>The lead's field, such as <c>need</c>.</summary>
    public required string LeadField { get; init; }
    /// <summary><c>account</c>, <c>contact</c> or <c>opportunity</c>.</summary>
    public required string Record { get; init; }
    /// <summary>The record's field, such as <c>description</c>.</summary>
    public required string Field { get; init; }
}

/// <summary>What a unit of one currency is worth in another (C13).</summary>
internal sealed record ExchangeRate
{
    /// <summary>ISO 4217 code.</summary>
    public required string From { get; init; }
    /// <summary>ISO 4217 code.</summary>
    public required string To { get; init; }
    /// <summary>Units of <see cref="To"/> for one unit of <see cref="From"/>; more than 0, up to 10 decimal places.</summary>
    public required decimal Rate { get; init; }
    /// <summary>The day that the rate is of.</summary>
    public required DateOnly AsOf { get; init; }
}

/// <summary>What becomes of a lead without a company when an account is to be created (C8).</summary>
internal enum LeadWithoutCompany
{
    /// <summary>The account is named after the person.</summary>
    NameAccountAfterPerson,
    /// <summary>The conversion is refused with 422.</summary>
    Refuse,
}

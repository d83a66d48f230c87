namespace LeadCrm.Activities.Contracts;

/// <summary>
/// The answer to <c>LeadConverted</c>: everything that hung on the lead now hangs on what it became, too (C15, C16, C17). A repeated
/// <c>LeadConverted</c> is answered with the same figures.
/// </summary>
public sealed record ActivitiesCarriedOver
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>How many tasks, events, calls and e-mails were linked.</summary>
    public required int Activities { get; init; }
    /// <summary>How many notes were linked.</summary>
    public required int Notes { get; init; }
    /// <summary>How many files were linked.</summary>
    public required int Files { get; init; }
}

/// <summary>The answer to <c>LeadsConverted</c>.</summary>
public sealed record ActivitiesOfLeadsCarriedOver
{
    /// <summary>One for each conversion.</summary>
    public required IReadOnlyList<ActivitiesCarriedOver> Items { get; init; }
}

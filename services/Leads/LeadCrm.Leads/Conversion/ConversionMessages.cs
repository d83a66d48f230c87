namespace LeadCrm.Leads.Conversion;

// What the sweep tells the saga. Both stay inside this service, which is why they are not among its contracts; they are public because
// MassTransit would treat non-public messages as temporary on the broker.

/// <summary>The current step of a conversion has waited too long for its answer: ask again.</summary>
public sealed record ConversionStepStalled
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>The deadline before the pivot has passed: undo what was done and give the lead back.</summary>
public sealed record ConversionDeadlinePassed
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

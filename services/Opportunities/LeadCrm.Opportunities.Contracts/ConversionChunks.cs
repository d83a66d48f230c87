namespace LeadCrm.Opportunities.Contracts;

// What goes to and fro in a conversion goes in chunks: conversions that begin together stay together, and a single one is a chunk of one.
// Each item is decided, answered and undone by itself.

/// <summary>Step 2 of some conversions.</summary>
public sealed record CreateOrAttachOpportunities
{
    /// <summary>One command for each conversion.</summary>
    public required IReadOnlyList<CreateOrAttachOpportunity> Items { get; init; }
}

/// <summary>Undo what step 2 of some conversions did.</summary>
public sealed record UndoOpportunities
{
    /// <summary>One command for each conversion.</summary>
    public required IReadOnlyList<UndoOpportunity> Items { get; init; }
}

/// <summary>Answers to step 2, or to its undoing: each conversion is in one of the lists.</summary>
public sealed record OpportunitiesAnswered
{
    /// <summary>The opportunity is there.</summary>
    public IReadOnlyList<OpportunityReady> Ready { get; init; } = [];
    /// <summary>Refused, nothing was written.</summary>
    public IReadOnlyList<OpportunityRefused> Refused { get; init; } = [];
    /// <summary>Nothing is left.</summary>
    public IReadOnlyList<OpportunityUndone> Undone { get; init; } = [];
}

/// <summary>
/// Opportunities of finished conversions are there for everybody: the answer to <c>LeadsConverted</c> and, at the same time, the event that tells
/// everybody of them (C26). Who keeps copies of opportunities listens to it beside <see cref="OpportunityChanged"/>.
/// </summary>
public sealed record OpportunitiesRevealed
{
    /// <summary>The conversions.</summary>
    public required IReadOnlyList<OpportunityRevealed> Items { get; init; }
    /// <summary>The state of each conversion's opportunity; empty when it was told before.</summary>
    public IReadOnlyList<OpportunityChanged> Opportunities { get; init; } = [];
}

/// <summary>What step 0 answers to a chunk, in the order of its items.</summary>
public sealed record OpportunityConversionChecks
{
    /// <summary>One verdict for each command.</summary>
    public required IReadOnlyList<OpportunityConversionCheck> Items { get; init; }
}

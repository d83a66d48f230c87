namespace LeadCrm.Accounts.Contracts;

// What goes to and fro in a conversion goes in chunks: conversions that begin together stay together, and a single one is a chunk of one.
// Each item is decided, answered and undone by itself.

/// <summary>Step 1 of some conversions.</summary>
public sealed record CreateAccountsAndContacts
{
    /// <summary>One command for each conversion.</summary>
    public required IReadOnlyList<CreateAccountAndContact> Items { get; init; }
}

/// <summary>Undo what step 1 of some conversions did.</summary>
public sealed record UndoAccountsAndContacts
{
    /// <summary>One command for each conversion.</summary>
    public required IReadOnlyList<UndoAccountAndContact> Items { get; init; }
}

/// <summary>Answers to step 1, or to its undoing: each conversion is in one of the lists.</summary>
public sealed record AccountsAndContactsAnswered
{
    /// <summary>Account and contact are there.</summary>
    public IReadOnlyList<AccountAndContactReady> Ready { get; init; } = [];
    /// <summary>Refused, nothing was written.</summary>
    public IReadOnlyList<AccountAndContactRefused> Refused { get; init; } = [];
    /// <summary>Nothing is left.</summary>
    public IReadOnlyList<AccountAndContactUndone> Undone { get; init; } = [];
}

/// <summary>
/// Accounts and contacts of finished conversions are there for everybody: the answer to <c>LeadsConverted</c> and, at the same time, the event that
/// tells everybody of them (C26). Who keeps copies of accounts or contacts listens to it beside <see cref="AccountChanged"/> and <see cref="ContactChanged"/>.
/// </summary>
public sealed record AccountsAndContactsRevealed
{
    /// <summary>The conversions.</summary>
    public required IReadOnlyList<AccountAndContactRevealed> Items { get; init; }
    /// <summary>The state of each conversion's account; empty when it was told before.</summary>
    public IReadOnlyList<AccountChanged> Accounts { get; init; } = [];
    /// <summary>The state of each conversion's contact.</summary>
    public IReadOnlyList<ContactChanged> Contacts { get; init; } = [];
}

/// <summary>What step 0 answers to a chunk, in the order of its items.</summary>
public sealed record AccountConversionChecks
{
    /// <summary>One verdict for each command.</summary>
    public required IReadOnlyList<AccountConversionCheck> Items { get; init; }
}

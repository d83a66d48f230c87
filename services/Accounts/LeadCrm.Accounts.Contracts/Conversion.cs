namespace LeadCrm.Accounts.Contracts;

/// <summary>Account values that a conversion brings along. Null means: the lead has nothing to say about it.</summary>
public sealed record AccountValues
{
    /// <summary>Name of the business.</summary>
    public string? Name { get; init; }
    /// <summary>Industry.</summary>
    public string? Industry { get; init; }
    /// <summary>Annual revenue, in <see cref="RevenueCurrency"/>.</summary>
    public decimal? AnnualRevenue { get; init; }
    /// <summary>ISO 4217 code of the revenue.</summary>
    public string? RevenueCurrency { get; init; }
    /// <summary>Number of employees.</summary>
    public int? Employees { get; init; }
    /// <summary>Website with scheme.</summary>
    public string? Website { get; init; }
    /// <summary>Phone.</summary>
    public string? Phone { get; init; }
    /// <summary>Fax.</summary>
    public string? Fax { get; init; }
    /// <summary>Rating.</summary>
    public string? Rating { get; init; }
    /// <summary>Source, only when the setting maps it to the account (C8).</summary>
    public string? Source { get; init; }
    /// <summary>Billing address.</summary>
    public PostalAddress? BillingAddress { get; init; }
    /// <summary>Type, when a custom mapping or the request gives one.</summary>
    public string? Type { get; init; }
    /// <summary>A second phone, when a custom mapping or the request gives one.</summary>
    public string? OtherPhone { get; init; }
    /// <summary>Description, when a custom mapping or the request gives one.</summary>
    public string? Description { get; init; }
    /// <summary>Values for custom fields by key, each as text: a number with a point, a date as 2026-03-31, a list with semicolons, an amount with its currency behind it.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
}

/// <summary>Contact values that a conversion brings along. Null means: the lead has nothing to say about it.</summary>
public sealed record ContactValues
{
    /// <summary>Salutation.</summary>
    public string? Salutation { get; init; }
    /// <summary>First name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Last name.</summary>
    public string? LastName { get; init; }
    /// <summary>Job title.</summary>
    public string? Title { get; init; }
    /// <summary>E-mail, lower case.</summary>
    public string? Email { get; init; }
    /// <summary>Phone.</summary>
    public string? Phone { get; init; }
    /// <summary>Mobile phone.</summary>
    public string? Mobile { get; init; }
    /// <summary>Fax.</summary>
    public string? Fax { get; init; }
    /// <summary>Mailing address.</summary>
    public PostalAddress? MailingAddress { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>Source.</summary>
    public string? Source { get; init; }
    /// <summary>True: must not be called. A true on either side wins (C10).</summary>
    public bool DoNotCall { get; init; }
    /// <summary>True: must not be mailed. A true on either side wins (C10).</summary>
    public bool EmailOptOut { get; init; }
    /// <summary>Department, when a custom mapping or the request gives one.</summary>
    public string? Department { get; init; }
    /// <summary>Values for custom fields by key, each as text: a number with a point, a date as 2026-03-31, a list with semicolons, an amount with its currency behind it.</summary>
    public IReadOnlyDictionary<string, string>? Custom { get; init; }
}

/// <summary>One decision about one duplicate candidate (C22).</summary>
public sealed record DuplicateDecision
{
    /// <summary><c>account</c> or <c>contact</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The candidate's id.</summary>
    public required Guid RecordId { get; init; }
    /// <summary><c>createAnyway</c>, <c>useExisting</c> or <c>cancel</c>.</summary>
    public required string Decision { get; init; }
}

/// <summary>An existing record that may be the same, with how sure we are and why.</summary>
public sealed record DuplicateCandidate
{
    /// <summary><c>account</c> or <c>contact</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The candidate's id.</summary>
    public required Guid RecordId { get; init; }
    /// <summary>Name as shown to people.</summary>
    public required string Name { get; init; }
    /// <summary>0 to 100.</summary>
    public required int Score { get; init; }
    /// <summary>Why it is a candidate, such as <c>email: exact</c> or <c>name: similar (0.82)</c>.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
    /// <summary>For a contact: its account.</summary>
    public Guid? AccountId { get; init; }
    /// <summary>The candidate's e-mail or domain, to tell twins apart.</summary>
    public string? Hint { get; init; }
    /// <summary>True: the rule that found it blocks, so nothing can be created beside it (C22).</summary>
    public bool Blocks { get; init; }
}

/// <summary>One broken rule of one field of one record (C6).</summary>
public sealed record Violation
{
    /// <summary><c>account</c>, <c>contact</c>, <c>opportunity</c> or <c>lead</c>.</summary>
    public required string Record { get; init; }
    /// <summary>Field in camelCase.</summary>
    public required string Field { get; init; }
    /// <summary>What is wrong and what to do.</summary>
    public required string Message { get; init; }
}

/// <summary>Where one value of a converted record came from (C24).</summary>
public sealed record FieldProvenance
{
    /// <summary><c>account</c>, <c>contact</c> or <c>opportunity</c>.</summary>
    public required string Record { get; init; }
    /// <summary>Field in camelCase.</summary>
    public required string Field { get; init; }
    /// <summary><c>set</c> (new record), <c>filled</c> (was empty), <c>overwritten</c> (overwriteLeadSource, opt-outs), <c>kept</c> (had its own value).</summary>
    public required string Outcome { get; init; }
    /// <summary>The value that the record holds now, as text.</summary>
    public string? Value { get; init; }
}

/// <summary>
/// Step 1 of a conversion: resolve or create the account and the contact. Also the body of the check (step 0), which answers what this
/// command would run into, without writing. Ids of what is created are made by the sender, so a repeat is naturally the same.
/// </summary>
public sealed record CreateAccountAndContact
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>Who converts; permissions are checked against this user.</summary>
    public required Guid ActingUserId { get; init; }
    /// <summary>Owner of what is created.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The account to create or to use.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>True: create it; false: it must exist.</summary>
    public required bool CreateAccount { get; init; }
    /// <summary>The contact to create or to use.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>True: create it; false: it must exist and belong to the account (C3).</summary>
    public required bool CreateContact { get; init; }
    /// <summary>Values for the account.</summary>
    public required AccountValues Account { get; init; }
    /// <summary>Values for the contact.</summary>
    public required ContactValues Contact { get; init; }
    /// <summary>True: the contact's source is overwritten although it has one (C10).</summary>
    public bool OverwriteLeadSource { get; init; }
    /// <summary>What was decided about candidates (C22).</summary>
    public IReadOnlyList<DuplicateDecision> Decisions { get; init; } = [];
    /// <summary>True: warnings are no reason to stop (C23).</summary>
    public bool AcceptWarnings { get; init; }
    /// <summary>When the check (step 0) looked for everything that may be the same (UTC); null: there was none. Soon after it the step looks only for
    /// what has the same name, domain, e-mail or phone.</summary>
    public DateTimeOffset? CheckedAt { get; init; }
}

/// <summary>Answer to step 1: both records are there, provisional where they are new.</summary>
public sealed record AccountAndContactReady
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }
    /// <summary>Its name.</summary>
    public required string AccountName { get; init; }
    /// <summary>True when the conversion made it.</summary>
    public required bool AccountCreated { get; init; }
    /// <summary>True when the conversion filled fields of it.</summary>
    public required bool AccountUpdated { get; init; }
    /// <summary>The contact.</summary>
    public required Guid ContactId { get; init; }
    /// <summary>Its full name.</summary>
    public required string ContactName { get; init; }
    /// <summary>True when the conversion made it.</summary>
    public required bool ContactCreated { get; init; }
    /// <summary>True when the conversion filled fields of it.</summary>
    public required bool ContactUpdated { get; init; }
    /// <summary>Per field, what happened (C24).</summary>
    public IReadOnlyList<FieldProvenance> Provenance { get; init; } = [];
}

/// <summary>Answer to step 1: refused, nothing was written.</summary>
public sealed record AccountAndContactRefused
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>403, 409 or 422: what the HTTP answer would have been.</summary>
    public required int Status { get; init; }
    /// <summary>What happened and what to do, in one sentence.</summary>
    public required string Reason { get; init; }
    /// <summary>All broken rules.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];
    /// <summary>Candidates that need a decision.</summary>
    public IReadOnlyList<DuplicateCandidate> Candidates { get; init; } = [];
    /// <summary>Warnings that nobody has accepted (C23).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What step 0 answers: the same verdict as the step would give, before anything is written.</summary>
public sealed record AccountConversionCheck
{
    /// <summary>200 when the step would succeed, otherwise 403, 409 or 422.</summary>
    public required int Status { get; init; }
    /// <summary>What is wrong, when it is.</summary>
    public string? Reason { get; init; }
    /// <summary>All broken rules.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];
    /// <summary>All candidates, decided or not.</summary>
    public IReadOnlyList<DuplicateCandidate> Candidates { get; init; } = [];
    /// <summary>Warnings that the user may accept (C23).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>The name the account has or would get.</summary>
    public string? AccountName { get; init; }
    /// <summary>The name the contact has or would get.</summary>
    public string? ContactName { get; init; }
    /// <summary>Per field, what would happen.</summary>
    public IReadOnlyList<FieldProvenance> Provenance { get; init; } = [];
}

/// <summary>Undo what step 1 of this conversion did; leaves a tombstone, so that a late <see cref="CreateAccountAndContact"/> is refused.</summary>
public sealed record UndoAccountAndContact
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>Answer: nothing of the conversion is left in Accounts.</summary>
public sealed record AccountAndContactUndone
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

/// <summary>Answer to <c>LeadConverted</c>: account and contact are no longer provisional and their events are out.</summary>
public sealed record AccountAndContactRevealed
{
    /// <summary>The conversion.</summary>
    public required Guid ConversionId { get; init; }
}

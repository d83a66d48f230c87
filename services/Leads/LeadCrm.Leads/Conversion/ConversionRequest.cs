using System.Text.Json;

namespace LeadCrm.Leads.Conversion;

/// <summary>What a lead is to become. An empty object converts it into a new account, a new contact and a new opportunity.</summary>
internal sealed record ConversionRequest
{
    /// <summary>The status the lead gets; must be one that is flagged as converted. The first of them when left out.</summary>
    public string? ConvertedStatus { get; init; }

    /// <summary>The account: a new one (default) or an existing one.</summary>
    public RecordChoice? Account { get; init; }

    /// <summary>The contact: a new one (default) or an existing one of the chosen account.</summary>
    public RecordChoice? Contact { get; init; }

    /// <summary>The opportunity: a new one (default), an existing open one of the chosen account, or none.</summary>
    public OpportunityChoice? Opportunity { get; init; }

    /// <summary>Who will own what is created; the lead's owner when left out. Required when a queue holds the lead.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>True: the lead's source replaces the source of an existing contact.</summary>
    public bool OverwriteLeadSource { get; init; }

    /// <summary>What to do about each duplicate candidate that an earlier answer named.</summary>
    public IReadOnlyList<CandidateDecision>? DuplicateDecision { get; init; }

    /// <summary>True: what an earlier answer named in <c>warnings</c> is no reason to stop.</summary>
    public bool AcceptWarnings { get; init; }

    /// <summary>
    /// Values for fields, by record (<c>account</c>, <c>contact</c>, <c>opportunity</c>) and field; null leaves the field empty. They beat what the
    /// mapping says. Fields of an existing record that have a value keep it.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>>? FieldOverrides { get; init; }

    /// <summary>A task that is made with the conversion and goes when the conversion is undone.</summary>
    public FollowUpTaskRequest? FollowUpTask { get; init; }

    /// <summary>True: the owner of what is created is told, once.</summary>
    public bool NotifyOwner { get; init; }

    /// <summary>True: answer what would happen, change nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>A new record, or an existing one by its id.</summary>
internal sealed record RecordChoice
{
    /// <summary><c>create</c> (default) or <c>existing</c>.</summary>
    public ChoiceMode Mode { get; init; }

    /// <summary>The existing record's id.</summary>
    public Guid? Id { get; init; }
}

/// <summary>A new opportunity, an existing one by its id, or none.</summary>
internal sealed record OpportunityChoice
{
    /// <summary><c>create</c> (default), <c>existing</c> or <c>none</c>.</summary>
    public OpportunityMode Mode { get; init; }

    /// <summary>The existing opportunity's id.</summary>
    public Guid? Id { get; init; }

    /// <summary>Name; the lead's company when left out.</summary>
    public string? Name { get; init; }

    /// <summary>Stage; the default pipeline's first when left out.</summary>
    public string? Stage { get; init; }

    /// <summary>Amount in <see cref="Currency"/>.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217 code; the organisation's currency when left out.</summary>
    public string? Currency { get; init; }

    /// <summary>Expected close date; the last day of the current fiscal quarter when left out.</summary>
    public DateOnly? CloseDate { get; init; }

    /// <summary>The contact's role on the opportunity, such as <c>decisionMaker</c>.</summary>
    public string? Role { get; init; }

    /// <summary>Whether anything is said about the opportunity beyond the mode.</summary>
    internal bool SaysSomething =>
        Id is not null || Name is not null || Stage is not null || Amount is not null || Currency is not null || CloseDate is not null || Role is not null;
}

/// <summary>A new or an existing record.</summary>
internal enum ChoiceMode
{
    /// <summary>A new record.</summary>
    Create,
    /// <summary>An existing record.</summary>
    Existing,
}

/// <summary>A new opportunity, an existing one, or none.</summary>
internal enum OpportunityMode
{
    /// <summary>A new opportunity.</summary>
    Create,
    /// <summary>An existing, open opportunity of the chosen account.</summary>
    Existing,
    /// <summary>No opportunity.</summary>
    None,
}

/// <summary>A decision about one duplicate candidate (C22).</summary>
internal sealed record CandidateDecision
{
    /// <summary><c>account</c> or <c>contact</c>.</summary>
    public required CandidateType Type { get; init; }

    /// <summary>The candidate's id.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>useExisting</c>: convert into it; <c>createAnyway</c>: it is not the same; <c>cancel</c>: do not convert.</summary>
    public required CandidateVerdict Decision { get; init; }
}

/// <summary>What kind of record a candidate is.</summary>
internal enum CandidateType
{
    /// <summary>An account.</summary>
    Account,
    /// <summary>A contact.</summary>
    Contact,
}

/// <summary>What to do about a candidate.</summary>
internal enum CandidateVerdict
{
    /// <summary>Create a new record although this one looks like it.</summary>
    CreateAnyway,
    /// <summary>Convert into this record.</summary>
    UseExisting,
    /// <summary>Do not convert.</summary>
    Cancel,
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.ConversionUndo;
using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Visibility;

namespace LeadCrm.Leads.Conversion;

/// <summary>A conversion as its operation URL answers it.</summary>
internal sealed record ConversionResponse : IOperationAnswer
{
    /// <summary>The operation's id; also the correlation id of everything it causes.</summary>
    public required Guid ConversionId { get; init; }
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>How far it is.</summary>
    public required ConversionPhase State { get; init; }
    /// <summary>True once nothing more will happen.</summary>
    public required bool IsOver { get; init; }
    /// <summary>Who converts.</summary>
    public required Guid StartedById { get; init; }
    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it was over (UTC).</summary>
    public DateTimeOffset? FinishedAt { get; init; }
    /// <summary>The status the lead gets.</summary>
    public required string ConvertedStatus { get; init; }
    /// <summary>Owner of what is created.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The account, once it is there. Provisional until the state is <c>completed</c>.</summary>
    public ConvertedRecord? Account { get; init; }
    /// <summary>The contact, once it is there.</summary>
    public ConvertedRecord? Contact { get; init; }
    /// <summary>The opportunity, once it is there; null when none was wanted.</summary>
    public ConvertedRecord? Opportunity { get; init; }
    /// <summary>Per field of the three records, what happened and where the value came from.</summary>
    public required IReadOnlyList<FieldOrigin> Provenance { get; init; }
    /// <summary>What the lead says and nothing carried along: non-empty fields without a line in the mapping, and columns of its import.</summary>
    public required IReadOnlyList<LeftBehind> LeftBehind { get; init; }
    /// <summary>The task that is made with the conversion; null when none was asked for.</summary>
    public ConversionTask? FollowUpTask { get; init; }
    /// <summary>What hung on the lead and hangs on what it became, too; null until that is done.</summary>
    public CarriedOver? CarriedOver { get; init; }
    /// <summary>The lead's campaign memberships; null until they are the contact's.</summary>
    public Memberships? Memberships { get; init; }
    /// <summary>How the lead was rated when it was converted.</summary>
    public FrozenRating? Frozen { get; init; }
    /// <summary>Why it is being undone, or was.</summary>
    public ConversionProblem? Failure { get; init; }
    /// <summary>Attempts to undo it after it was completed, the newest first.</summary>
    public IReadOnlyList<UndoResponse> Undos { get; init; } = [];

    string IOperationAnswer.Stage => State.ToString();

    /// <summary>
    /// As a reader may see it. Who sees the lead need not see the account and contact that it went into: what these held before, and kept, is shown
    /// to whoever converted, and saw it then, and to whoever sees every record.
    /// </summary>
    public ConversionResponse For(Actor reader) =>
        reader.UserId == StartedById || reader.Has(DataPermissions.ViewAll) || reader.Has(DataPermissions.EditAll)
            ? this
            : this with { Provenance = [.. Provenance.Select(field => field.Outcome == "kept" ? field with { Value = null } : field)] };

    public static ConversionResponse Of(ConversionState conversion)
    {
        var undone = conversion.Failure is not null;
        var (accounts, opportunity) = undone ? (null, null) : (conversion.Accounts, conversion.Opportunity);
        return new ConversionResponse
        {
            ConversionId = conversion.CorrelationId,
            LeadId = conversion.LeadId,
            State = ConversionPhases.Of(conversion.CurrentState, conversion.Checked),
            IsOver = ConversionPhases.IsOver(conversion.CurrentState),
            StartedById = conversion.ActingUserId,
            StartedAt = conversion.StartedAt,
            FinishedAt = conversion.FinishedAt,
            ConvertedStatus = conversion.Plan.ConvertedStatus,
            OwnerId = conversion.Plan.Accounts.OwnerId,
            Account = accounts is null ? null : new(accounts.AccountId, accounts.AccountName, accounts.AccountCreated, accounts.AccountUpdated),
            Contact = accounts is null ? null : new(accounts.ContactId, accounts.ContactName, accounts.ContactCreated, accounts.ContactUpdated),
            Opportunity = opportunity is null ? null : new(opportunity.OpportunityId, opportunity.Name, opportunity.Created, opportunity.Updated),
            Provenance = FieldOrigin.Join(conversion.Plan, accounts?.Provenance ?? [], opportunity?.Provenance ?? []),
            LeftBehind = conversion.Plan.LeftBehind,
            FollowUpTask = conversion.Plan.FollowUpTask,
            CarriedOver = conversion.Activities is { } carried ? new(carried.Activities, carried.Notes, carried.Files) : null,
            Memberships = conversion.Memberships is { } moved ? new(moved.Moved, moved.Merged) : null,
            Frozen = conversion.Frozen,
            Failure = conversion.Failure is { } failure ? ConversionProblem.Of(failure) : null,
        };
    }
}

/// <summary>What Activities linked to the account, contact and opportunity (C15, C17).</summary>
/// <param name="Activities">Tasks, events, calls and e-mails.</param>
/// <param name="Notes">Notes.</param>
/// <param name="Files">Files.</param>
internal sealed record CarriedOver(int Activities, int Notes, int Files);

/// <summary>What became of the lead's campaign memberships (C18).</summary>
/// <param name="Moved">Memberships that became the contact's.</param>
/// <param name="Merged">Memberships that the contact had already.</param>
internal sealed record Memberships(int Moved, int Merged);

/// <summary>What the lead became.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">True: the conversion made it.</param>
/// <param name="Updated">True: it was there before, and the conversion filled fields of it.</param>
internal sealed record ConvertedRecord(Guid Id, string Name, bool Created, bool Updated);

/// <summary>Where the value of one field came from (C24).</summary>
/// <param name="Record"><c>account</c>, <c>contact</c> or <c>opportunity</c>.</param>
/// <param name="Field">The field.</param>
/// <param name="Outcome"><c>set</c>, <c>filled</c>, <c>overwritten</c>, <c>kept</c> or <c>default</c>.</param>
/// <param name="Value">The value that the record holds now, as text; null of what was kept, for readers who did not convert.</param>
/// <param name="From">What fed it: <c>lead.company</c>, <c>request</c>, <c>override</c>, <c>default</c>; null when nothing of the conversion did.</param>
/// <param name="Mapping"><c>standard</c> or <c>custom</c>: which kind of line fed it from the lead; null otherwise.</param>
/// <param name="Original">What a converted amount was before, at which rate and of which day.</param>
internal sealed record FieldOrigin(string Record, string Field, string Outcome, string? Value, string? From, string? Mapping = null, string? Original = null)
{
    /// <summary>What participants say they did, joined with what the plan says about where it came from.</summary>
    public static IReadOnlyList<FieldOrigin> Join(
        ConversionPlan plan, IReadOnlyList<FieldProvenance> accounts, IReadOnlyList<Opportunities.Contracts.OpportunityProvenance> opportunity) =>
    [
        .. accounts.Select(field => Of(plan, field.Record, field.Field, field.Outcome, field.Value)),
        .. opportunity.Select(field => Of(plan, "opportunity", field.Field, field.Outcome, field.Value) with { Original = field.Original }),
    ];

    private static FieldOrigin Of(ConversionPlan plan, string record, string field, string outcome, string? value)
    {
        var name = $"{record}.{field}";
        var dot = field.IndexOf('.', StringComparison.Ordinal);   // an address is given as a whole, and told by its parts
        var from = outcome switch
        {
            "kept" => null,
            "default" => Provenance.Default,
            _ => plan.Sources.GetValueOrDefault(name) ?? (dot < 0 ? null : plan.Sources.GetValueOrDefault($"{record}.{field[..dot]}"))
                ?? (MappingTable.StandardSourceOf(record, field) is { } leadField ? "lead." + leadField : null)
                ?? (CustomNames.KeyOf(field) is null ? null : Provenance.Default),
        };
        var mapping = from?.StartsWith("lead.", StringComparison.Ordinal) != true ? null : plan.CustomFields.Contains(name) ? "custom" : "standard";
        return new FieldOrigin(record, field, outcome, value, from, mapping);
    }
}

/// <summary>Why a conversion did not happen.</summary>
/// <param name="Type">Stable problem type.</param>
/// <param name="Status">The HTTP status it stands for.</param>
/// <param name="Detail">What happened and what to do.</param>
/// <param name="Participant">Which service refused or did not answer.</param>
/// <param name="Errors">What is wrong, per record and field.</param>
/// <param name="Candidates">Records that need a decision.</param>
/// <param name="Warnings">Warnings that nobody had accepted.</param>
internal sealed record ConversionProblem(
    string Type, int Status, string Detail, string? Participant, IReadOnlyDictionary<string, string[]> Errors, IReadOnlyList<Candidate> Candidates,
    IReadOnlyList<string> Warnings)
{
    public static ConversionProblem Of(ConversionFailure failure) => new(
        failure.Type, failure.Status, failure.Detail, failure.Participant,
        failure.Violations.GroupBy(violation => ConversionVerdict.Member(violation.Record, violation.Field))
            .ToDictionary(field => field.Key, field => field.Select(violation => violation.Message).ToArray()),
        [.. failure.Candidates.Select(candidate => Candidate.Of(candidate, new Dictionary<Guid, IReadOnlyList<Opportunities.Contracts.OpenOpportunity>>()))], failure.Warnings);
}

/// <summary>A record that may be the same as one that is to be created (C22).</summary>
/// <param name="Type"><c>account</c> or <c>contact</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Score">How alike, 0 to 100.</param>
/// <param name="Reasons">Why it is a candidate.</param>
/// <param name="AccountId">For a contact: its account.</param>
/// <param name="Hint">E-mail or domain, to tell twins apart.</param>
/// <param name="Blocks">True: the rule that found it blocks: use it, or cancel; nothing can be created beside it.</param>
/// <param name="OpenOpportunities">Open opportunities of the account.</param>
internal sealed record Candidate(
    string Type, Guid Id, string Name, int Score, IReadOnlyList<string> Reasons, Guid? AccountId, string? Hint, bool Blocks,
    IReadOnlyList<Opportunities.Contracts.OpenOpportunity> OpenOpportunities)
{
    public static Candidate Of(DuplicateCandidate candidate, IReadOnlyDictionary<Guid, IReadOnlyList<Opportunities.Contracts.OpenOpportunity>> open) => new(
        candidate.RecordType, candidate.RecordId, candidate.Name, candidate.Score, candidate.Reasons, candidate.AccountId, candidate.Hint, candidate.Blocks,
        (candidate.RecordType == "account" ? candidate.RecordId : candidate.AccountId) is { } account ? open.GetValueOrDefault(account) ?? [] : []);
}

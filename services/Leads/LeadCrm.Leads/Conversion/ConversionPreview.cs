namespace LeadCrm.Leads.Conversion;

/// <summary>What a conversion would do, from the same code path ending before the first write (C34).</summary>
internal sealed record ConversionPreview
{
    /// <summary>The lead.</summary>
    public required Guid LeadId { get; init; }
    /// <summary>What the request would be answered with: 202, or 403, 409, 422.</summary>
    public required int Status { get; init; }
    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }
    /// <summary>The status the lead would get.</summary>
    public string? ConvertedStatus { get; init; }
    /// <summary>Who would own what is created.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>The account.</summary>
    public PlannedRecord? Account { get; init; }
    /// <summary>The contact.</summary>
    public PlannedRecord? Contact { get; init; }
    /// <summary>The opportunity, null when none is wanted.</summary>
    public PlannedRecord? Opportunity { get; init; }
    /// <summary>Per field, what would happen and where the value would come from.</summary>
    public IReadOnlyList<FieldOrigin> Provenance { get; init; } = [];
    /// <summary>Everything that is wrong, per record and field.</summary>
    public required IReadOnlyDictionary<string, string[]> Errors { get; init; }
    /// <summary>Records that may be the same.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }
    /// <summary>What the user should know but may accept.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>Services that could not be asked, so that their part is not known.</summary>
    public IReadOnlyList<string> NotAsked { get; init; } = [];

    public static ConversionPreview Of(Guid leadId, ConversionVerdict verdict, CheckedPlan? answers)
    {
        var preview = new ConversionPreview
        {
            LeadId = leadId,
            Status = verdict.Status == StatusCodes.Status200OK ? StatusCodes.Status202Accepted : verdict.Status,
            Detail = verdict.Detail,
            Errors = verdict.Errors,
            Candidates = verdict.Candidates,
        };
        if (answers?.Plan is not { } plan) return preview;

        var (accounts, opportunity) = (plan.Accounts, plan.Opportunity);
        return preview with
        {
            ConvertedStatus = plan.ConvertedStatus,
            OwnerId = accounts.OwnerId,
            Account = PlannedRecord.Of(accounts.CreateAccount, accounts.AccountId, answers.Accounts?.AccountName),
            Contact = PlannedRecord.Of(accounts.CreateContact, accounts.ContactId, answers.Accounts?.ContactName),
            Opportunity = opportunity is null ? null : PlannedRecord.Of(opportunity.Create, opportunity.OpportunityId, opportunity.Name),
            Provenance = FieldOrigin.Join(plan, answers.Accounts?.Provenance ?? [], answers.Opportunity?.Provenance ?? []),
            Warnings = answers.Accounts?.Warnings ?? [],
            NotAsked =
            [
                .. answers.Accounts is null ? [ConversionChecks.Accounts] : Array.Empty<string>(),
                .. opportunity is not null && answers.Opportunity is null ? [ConversionChecks.Opportunities] : Array.Empty<string>(),
            ],
        };
    }
}

/// <summary>A record that a conversion would create or use.</summary>
/// <param name="Id">The existing record's id; null for a new one, which gets its id when the conversion begins.</param>
/// <param name="Name">Its name, as far as it is known.</param>
/// <param name="Created">True: it would be created.</param>
internal sealed record PlannedRecord(Guid? Id, string? Name, bool Created)
{
    public static PlannedRecord Of(bool create, Guid id, string? name) => new(create ? null : id, name, create);
}

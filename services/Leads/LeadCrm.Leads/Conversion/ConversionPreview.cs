using LeadCrm.Leads.Mapping;

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
    /// <summary>What the lead says and nothing would carry along: non-empty fields without a line in the mapping, and columns of its import.</summary>
    public IReadOnlyList<LeftBehind> LeftBehind { get; init; } = [];
    /// <summary>The task that would be made with the conversion.</summary>
    public PlannedTask? FollowUpTask { get; init; }
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
            Warnings = verdict.Warnings,
        };
        if (answers?.Plan is not { } plan) return preview;

        var (accounts, opportunity) = (plan.Accounts, plan.Opportunity);
        return preview with
        {
            ConvertedStatus = plan.ConvertedStatus,
            OwnerId = accounts.OwnerId,
            Account = PlannedRecord.Of(accounts.CreateAccount, accounts.AccountId, answers.Accounts?.AccountName, Fills("account")),
            Contact = PlannedRecord.Of(accounts.CreateContact, accounts.ContactId, answers.Accounts?.ContactName, Fills("contact")),
            Opportunity = opportunity is null ? null
                : PlannedRecord.Of(opportunity.Create, opportunity.OpportunityId, answers.Opportunity?.Name ?? opportunity.Name, answers.Opportunity?.Updates ?? false),
            Provenance = WithoutIdsToCome(FieldOrigin.Join(plan, answers.Accounts?.Provenance ?? [], answers.Opportunity?.Provenance ?? [])),
            LeftBehind = plan.LeftBehind,
            FollowUpTask = plan.FollowUpTask is { } task ? new(task.Subject, task.DueOn, task.AssigneeId) : null,
            NotAsked =
            [
                .. answers.Accounts is null ? [ConversionChecks.Accounts] : Array.Empty<string>(),
                .. opportunity is not null && answers.Opportunity is null ? [ConversionChecks.Opportunities] : Array.Empty<string>(),
            ],
        };

        // A new record gets its id when the conversion begins: the one that stands for it here is nobody's.
        IReadOnlyList<FieldOrigin> WithoutIdsToCome(IReadOnlyList<FieldOrigin> fields)
        {
            string?[] toCome = [accounts.CreateAccount ? accounts.AccountId.ToString() : null, accounts.CreateContact ? accounts.ContactId.ToString() : null, opportunity is { Create: true } ? opportunity.OpportunityId.ToString() : null];
            return [.. fields.Select(field => field.Value is not null && toCome.Contains(field.Value, StringComparer.OrdinalIgnoreCase) ? field with { Value = null } : field)];
        }

        bool Fills(string record) => answers.Accounts?.Provenance.Any(field => field.Record == record && field.Outcome is "filled" or "overwritten") ?? false;
    }
}

/// <summary>A record that a conversion would create or use.</summary>
/// <param name="Id">The existing record's id; null for a new one, which gets its id when the conversion begins.</param>
/// <param name="Name">Its name, as far as it is known.</param>
/// <param name="Created">True: it would be created.</param>
/// <param name="Updated">True: it is there, and fields of it would be filled.</param>
internal sealed record PlannedRecord(Guid? Id, string? Name, bool Created, bool Updated)
{
    public static PlannedRecord Of(bool create, Guid id, string? name, bool updates) => new(create ? null : id, name, create, !create && updates);
}

/// <summary>A task that would be made with the conversion.</summary>
/// <param name="Subject">What is to be done.</param>
/// <param name="DueOn">The organisation's local day on which it is due; null: without a day.</param>
/// <param name="AssigneeId">Who would do it.</param>
internal sealed record PlannedTask(string Subject, DateOnly? DueOn, Guid AssigneeId);

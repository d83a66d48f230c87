using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// What a request aims at, after decisions about duplicates were applied: new records (with ids made here) or existing ones. Making it
/// checks everything that the request alone can get wrong (C3, C4, C22).
/// </summary>
internal sealed record ConversionTargets
{
    public required Guid AccountId { get; init; }
    public required bool CreateAccount { get; init; }
    public required Guid ContactId { get; init; }
    public required bool CreateContact { get; init; }
    public required OpportunityMode Opportunity { get; init; }
    public required Guid OpportunityId { get; init; }

    /// <summary>The targets. What is wrong lands in <paramref name="allErrors"/>, and then <paramref name="makesSense"/> is false.</summary>
    public static ConversionTargets Of(ConversionRequest request, FieldErrors allErrors, out bool makesSense)
    {
        var errors = new FieldErrors();
        var account = Resolve("account", request.Account ?? new(), CandidateType.Account, request, errors);
        var contact = Resolve("contact", request.Contact ?? new(), CandidateType.Contact, request, errors);
        var opportunity = request.Opportunity ?? new();

        if (contact.Mode == ChoiceMode.Existing && account.Mode != ChoiceMode.Existing)
            errors.Add("contact.mode", "An existing contact can only be used with its existing account: choose the account too (account.mode existing).");

        switch (opportunity.Mode)
        {
            case OpportunityMode.None when opportunity.SaysSomething:
                errors.Add("opportunity.mode", "With mode none nothing else may be said about the opportunity: remove the other members or choose create or existing.");
                break;
            case OpportunityMode.Existing when opportunity.Id is null:
                errors.Add("opportunity.id", "Name the existing opportunity.");
                break;
            case OpportunityMode.Existing when account.Mode != ChoiceMode.Existing:
                errors.Add("opportunity.mode", "An existing opportunity can only be used with its existing account: choose the account too (account.mode existing).");
                break;
            case OpportunityMode.Create when opportunity.Id is not null:
                errors.Add("opportunity.id", "An id is only for mode existing: new records get theirs here.");
                break;
        }

        foreach (var (field, messages) in errors.ToDictionary())
            foreach (var message in messages) allErrors.Add(field, message);
        makesSense = !errors.Any;
        return new ConversionTargets
        {
            AccountId = account.Id ?? Guid.CreateVersion7(),
            CreateAccount = account.Mode == ChoiceMode.Create,
            ContactId = contact.Id ?? Guid.CreateVersion7(),
            CreateContact = contact.Mode == ChoiceMode.Create,
            Opportunity = opportunity.Mode,
            OpportunityId = opportunity.Id ?? Guid.CreateVersion7(),
        };
    }

    /// <summary>A decision to use a candidate means the same as naming it as the existing record.</summary>
    private static RecordChoice Resolve(string field, RecordChoice choice, CandidateType type, ConversionRequest request, FieldErrors errors)
    {
        var used = (request.DuplicateDecision ?? [])
            .Where(decision => decision.Type == type && decision.Decision == CandidateVerdict.UseExisting)
            .Select(decision => decision.Id).Distinct().ToList();

        if (choice.Mode == ChoiceMode.Existing && choice.Id is null)
            errors.Add($"{field}.id", $"Name the existing {field}.");
        if (choice.Mode == ChoiceMode.Create && choice.Id is not null)
            errors.Add($"{field}.id", "An id is only for mode existing: new records get theirs here.");
        if (used.Count > 1 || (used.Count == 1 && choice.Mode == ChoiceMode.Existing && choice.Id != used[0]))
            errors.Add("duplicateDecision", $"Only one existing {field} can be used.");

        return used.Count > 0 && choice.Mode == ChoiceMode.Create ? new RecordChoice { Mode = ChoiceMode.Existing, Id = used[0] } : choice;
    }
}

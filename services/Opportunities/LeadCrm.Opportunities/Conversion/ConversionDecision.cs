using System.Text.Json;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>Everything that the decision looks at, gathered beforehand.</summary>
/// <param name="MayCreate">The acting user has <c>opportunities.create</c>.</param>
/// <param name="MayEdit">The acting user has <c>opportunities.edit</c>.</param>
/// <param name="OwnerIsActive">The owner is a user who may own records.</param>
/// <param name="Pipelines">The stages there are.</param>
/// <param name="Existing">The opportunity with the command's id, if there is one that the acting user may see.</param>
/// <param name="DefaultCurrency">The organisation's currency.</param>
/// <param name="DefaultCloseDate">Last day of the current fiscal quarter (C9).</param>
/// <param name="ExistingIsEditable">The acting user may change the existing one.</param>
internal sealed record ConversionFacts(
    bool MayCreate, bool MayEdit, bool OwnerIsActive, PipelineCatalog Pipelines, Opportunity? Existing, string DefaultCurrency,
    DateOnly DefaultCloseDate, bool ExistingIsEditable = true)
{
    /// <summary>What custom fields add to the decision.</summary>
    public CustomFacts Custom { get; init; } = new(CustomFieldSet.None("opportunity"));
}

/// <summary>What a conversion may do here, decided before anything is written.</summary>
internal abstract record ConversionVerdict
{
    /// <summary>Nothing is written.</summary>
    internal sealed record Refuse(int Status, string Reason, IReadOnlyList<OpportunityViolation> Violations) : ConversionVerdict;

    /// <summary>A new opportunity with these values, the contact in the primary role (C19).</summary>
    internal sealed record Create(
        OpportunityValues Values, StageInfo Stage, ContactRoleKind Role, IReadOnlyList<OpportunityProvenance> Provenance) : ConversionVerdict;

    /// <summary>An existing one: fill these empty fields and add the contact, unless it is on the deal already (null).</summary>
    internal sealed record Attach(
        OpportunityFill Fill, ContactRoleKind? AddRole, bool AsPrimary, IReadOnlyList<OpportunityProvenance> Provenance) : ConversionVerdict
    {
        /// <summary>The opportunity will not be what it was.</summary>
        internal bool Changes => !Fill.IsEmpty || AddRole is not null;
    }
}

/// <summary>
/// The one place that decides about a conversion's opportunity. The check (step 0) and the step itself both ask it, so a preview never
/// promises what the step then refuses.
/// </summary>
internal static class ConversionDecision
{
    internal static ConversionVerdict Decide(CreateOrAttachOpportunity command, ConversionFacts facts)
    {
        if (command.Create ? !facts.MayCreate : !facts.MayEdit)
            return new ConversionVerdict.Refuse(403, command.Create
                ? "You may not create opportunities. Convert without one, or ask for the permission opportunities.create."
                : "You may not change opportunities. Convert without one, or ask for the permission opportunities.edit.", []);
        if (!command.Create && !facts.ExistingIsEditable)
            return new ConversionVerdict.Refuse(403, $"You may see the opportunity '{facts.Existing?.Name}' but not change it: it belongs to somebody else.", []);
        return command.Create ? DecideCreate(command, facts) : DecideAttach(command, facts);
    }

    private static ConversionVerdict DecideCreate(CreateOrAttachOpportunity command, ConversionFacts facts)
    {
        if (facts.Existing is not null)
            return new ConversionVerdict.Refuse(409, "There is an opportunity with this id already.",
                [Violation("opportunityId", "Is taken by another opportunity.")]);

        var violations = new List<OpportunityViolation>();
        var provenance = new ProvenanceList();
        if (!facts.OwnerIsActive) violations.Add(Violation("ownerId", "The owner must be an active user."));
        if (!ContactRole.TryParse(command.Role, out var role)) violations.Add(UnknownRole(command));

        var stage = Text(command.Stage) is { } name ? facts.Pipelines.Stage(name) : facts.Pipelines.DefaultStage;
        if (stage is null) violations.Add(Violation("stage", $"There is no stage '{command.Stage}'."));
        else if (!stage.IsOpen) violations.Add(Violation("stage", $"'{stage.Name}' is a closed stage. A conversion begins a deal in an open one."));

        var offered = MappedAmount.In(command, command.WantedCurrency ?? command.Currency, violations);
        var values = new OpportunityValues
        {
            Name = provenance.SetOrDefault("name", Text(command.Name), Text(command.AccountName) ?? ""),
            AccountId = command.AccountId,
            Amount = provenance.Set("amount", offered.Amount, offered.Original),
            Currency = provenance.SetOrDefault("currency", Text(offered.Currency), facts.DefaultCurrency),
            Type = provenance.Set("type", Text(command.Type)),
            CloseDate = provenance.SetOrDefault("closeDate", command.CloseDate, facts.DefaultCloseDate),
            Probability = stage?.Probability ?? 0,
            ForecastCategory = stage?.ForecastCategory ?? ForecastCategory.Pipeline,
            Source = provenance.Set("source", Text(command.Source)),
            PrimaryCampaignId = provenance.Set("primaryCampaignId", command.PrimaryCampaignId),
            NextStep = provenance.Set("nextStep", Text(command.NextStep)),
            OwnerId = command.OwnerId,
            Description = provenance.Set("description", Text(command.Description)),
            HasPrimaryContact = true,
        };
        if (stage is not null) provenance.SetOrDefault("stage", Text(command.Stage) is null ? null : stage.Name, stage.Name);

        values = values with { Custom = facts.Custom.Values(command.Custom, isNew: true, (field, message) => violations.Add(Violation(field, message))) };
        foreach (var (key, value) in values.Custom) provenance.Set(CustomNames.Prefix + key, CustomJson.Text(value));
        violations.AddRange(values.Violations().Select(v => Violation(v.Field, v.Message)));
        if (stage is { IsOpen: true })
            violations.AddRange(Opportunity.EntryViolations(null, stage, facts.Pipelines, values, null).Select(v => Violation(v.Field, v.Message)));
        return violations.Count > 0
            ? RefuseAll(violations)
            : new ConversionVerdict.Create(values, stage!, role, provenance.Items);
    }

    private static ConversionVerdict DecideAttach(CreateOrAttachOpportunity command, ConversionFacts facts)
    {
        var violations = new List<OpportunityViolation>();
        if (!ContactRole.TryParse(command.Role, out var role)) violations.Add(UnknownRole(command));
        if (command.AccountIsNew)
            violations.Add(Violation("opportunityId", "An existing opportunity cannot be on an account that this conversion creates. Choose its account, or a new opportunity."));
        if (facts.Existing is not { DeletedAt: null } existing)
        {
            violations.Add(Violation("opportunityId", "There is no such opportunity."));
            return RefuseAll(violations);
        }
        if (facts.Pipelines.Stage(existing.StageId) is not { IsOpen: true })
            violations.Add(Violation("opportunityId", "The opportunity is closed. Reopen it, or choose an open one."));
        if (!command.AccountIsNew && existing.AccountId != command.AccountId)
            violations.Add(Violation("opportunityId", "The opportunity is on another account."));

        var provenance = new ProvenanceList();
        var fillsAmount = existing.Amount is null && command.Amount is not null;
        // The deal's currency was somebody's choice, even before it had an amount: a mapped one joins it.
        var offered = fillsAmount ? MappedAmount.In(command, command.WantedCurrency ?? existing.Currency, violations) : new MappedAmount(command.Amount, command.Currency, null);
        var fill = new OpportunityFill
        {
            Amount = provenance.Fill("amount", offered.Amount, existing.Amount, offered.Original),
            Currency = fillsAmount ? Text(offered.Currency) ?? facts.DefaultCurrency : null,
            CurrencyBefore = fillsAmount ? existing.Currency : null,
            Source = provenance.Fill("source", Text(command.Source), existing.Source),
            NextStep = provenance.Fill("nextStep", Text(command.NextStep), existing.NextStep),
            Description = provenance.Fill("description", Text(command.Description), existing.Description),
            PrimaryCampaignId = provenance.Fill("primaryCampaignId", command.PrimaryCampaignId, existing.PrimaryCampaignId),
            Type = provenance.Fill("type", Text(command.Type), existing.Type),
        };
        fill = fill with { Custom = FillCustom(command, facts, existing, provenance, violations) };
        provenance.Keep("name", Text(command.Name), existing.Name);
        provenance.Keep("closeDate", command.CloseDate, existing.CloseDate);
        if (Text(command.Stage) is { } stage) provenance.Keep("stage", stage, facts.Pipelines.Stage(existing.StageId)?.Name ?? "");

        var filled = existing.ToValues() with
        {
            Amount = fill.Amount ?? existing.Amount,
            Currency = fill.Currency ?? existing.Currency,
            Source = fill.Source ?? existing.Source,
            NextStep = fill.NextStep ?? existing.NextStep,
            Description = fill.Description ?? existing.Description,
            Type = fill.Type ?? existing.Type,
        };
        violations.AddRange(filled.Violations().Select(v => Violation(v.Field, v.Message)));
        if (violations.Count > 0) return RefuseAll(violations);

        var isOnTheDeal = existing.ContactRoles.Any(r => r.ContactId == command.ContactId || r.PersonId == command.ContactId);
        return new ConversionVerdict.Attach(fill, isOnTheDeal ? null : role, !isOnTheDeal && existing.PrimaryContact is null, provenance.Items);
    }

    /// <summary>Custom values for fields that are empty; null when there are none. What is not taken over cannot hurt the record.</summary>
    private static Dictionary<string, string>? FillCustom(
        CreateOrAttachOpportunity command, ConversionFacts facts, Opportunity existing, ProvenanceList provenance, List<OpportunityViolation> violations)
    {
        var problems = new List<OpportunityViolation>();
        var brought = facts.Custom.Values(command.Custom, isNew: false, (field, message) => problems.Add(Violation(field, message)));
        var has = CustomJson.Read(existing.Custom);
        var filled = new Dictionary<string, string>();
        foreach (var (key, value) in brought)
        {
            var current = has.TryGetValue(key, out var kept) ? CustomJson.Text(kept) : null;
            if (provenance.Fill(CustomNames.Prefix + key, CustomJson.Text(value), current) is not null) filled[key] = JsonSerializer.Serialize(value);
        }
        violations.AddRange(problems.Where(problem => CustomNames.KeyOf(problem.Field) is { } key && !has.ContainsKey(key)));
        return filled.Count == 0 ? null : filled;
    }

    private static ConversionVerdict.Refuse RefuseAll(List<OpportunityViolation> violations) =>
        new(422, violations.Count == 1 ? violations[0].Message : $"{violations.Count} values of the opportunity need to be put right.", violations);

    private static OpportunityViolation UnknownRole(CreateOrAttachOpportunity command) =>
        Violation("role", $"'{command.Role}' is no contact role; these are: {string.Join(", ", Enum.GetNames<ContactRoleKind>().Select(Camel))}.");

    private static OpportunityViolation Violation(string field, string message) => new() { Field = field, Message = message };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>Collects, while values are chosen, where each came from (C24).</summary>
    private sealed class ProvenanceList
    {
        internal List<OpportunityProvenance> Items { get; } = [];

        internal T? Set<T>(string field, T? value, string? original = null)
        {
            if (value is not null) Add(field, "set", value, original);
            return value;
        }

        internal string SetOrDefault(string field, string? value, string otherwise) => Add(field, value is null ? "default" : "set", value ?? otherwise);

        internal DateOnly SetOrDefault(string field, DateOnly? value, DateOnly otherwise) => Add(field, value is null ? "default" : "set", value ?? otherwise);

        /// <summary>The new value where the field is empty; null where there is nothing to fill.</summary>
        internal T? Fill<T>(string field, T? value, T? current, string? original = null)
        {
            if (value is null) return default;
            if (current is null or "") return Add(field, "filled", value, original);
            Keep(field, value, current);
            return default;
        }

        internal void Keep<T>(string field, T? value, T current)
        {
            if (value is not null) Add(field, "kept", current);
        }

        private T Add<T>(string field, string outcome, T value, string? original = null)
        {
            Items.Add(new OpportunityProvenance { Field = field, Outcome = outcome, Value = AsText(value), Original = original });
            return value;
        }

        private static string? AsText(object? value) => value switch
        {
            DateOnly date => date.ToString("yyyy-MM-dd"),
            IFormattable formattable => formattable.ToString(null, null),
            _ => value?.ToString(),
        };
    }
}

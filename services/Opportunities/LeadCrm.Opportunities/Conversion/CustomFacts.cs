using System.Text.Json;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>What custom fields add to the decision about a conversion's opportunity (C6).</summary>
/// <param name="Fields">The fields there are.</param>
internal sealed record CustomFacts(CustomFieldSet Fields)
{
    /// <summary>The currency of amounts that come without one.</summary>
    public string OrganisationCurrency { get; init; } = "EUR";
    /// <summary>What only the database knows: a look-up that leads nowhere, a unique value that another record has. By field.</summary>
    public IReadOnlyDictionary<string, string[]> Problems { get; init; } = new Dictionary<string, string[]>();
    /// <summary>Numbers for an opportunity that is about to be made.</summary>
    public IReadOnlyDictionary<string, JsonElement> Numbers { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The values that a conversion brings, as they are stored: with defaults and all that is required for a new record, alone for one that there is.</summary>
    public IReadOnlyDictionary<string, JsonElement> Values(IReadOnlyDictionary<string, string>? brought, bool isNew, Action<string, string> report)
    {
        var errors = new FieldErrors();
        var values = Normalised(brought, isNew, errors);
        foreach (var (field, messages) in errors.ToDictionary().Concat(Problems))
            foreach (var message in messages) report(field, message);
        if (isNew)
            foreach (var (key, number) in Numbers) values[key] = number;
        return values;
    }

    internal Dictionary<string, JsonElement> Normalised(IReadOnlyDictionary<string, string>? brought, bool isNew, FieldErrors errors)
    {
        var typed = CustomRules.FromTexts(Fields, brought, errors);
        return isNew
            ? CustomRules.ForNew(Fields, typed, OrganisationCurrency, errors)
            : CustomRules.ForEdit(Fields, typed, CustomJson.Read(null), OrganisationCurrency, demandRequired: false, errors);
    }
}

/// <summary>Finds out what custom fields add to a conversion's facts. Costs nothing where there are none.</summary>
internal sealed class ConversionCustomFacts(CustomValues custom)
{
    /// <summary>The facts; numbers are taken only for what will be written.</summary>
    public async Task<CustomFacts> Of(CreateOrAttachOpportunity command, bool willWrite, CancellationToken ct)
    {
        var facts = new CustomFacts(custom.Of("opportunity")) { OrganisationCurrency = custom.OrganisationCurrency };
        if (facts.Fields.Active.Count == 0) return facts;

        var values = facts.Normalised(command.Custom, command.Create, new FieldErrors());
        var problems = new FieldErrors();
        // The check asks as the user who converts; the step, which nobody's request stands behind, relies on it.
        if (!willWrite) await custom.CheckLookups(facts.Fields, values, CustomJson.Read(null), problems, ct);
        foreach (var claim in await custom.Claims("opportunity", [CustomJson.Write(values)], ct))
            if (claim.IsTaken) problems.Add(CustomNames.Prefix + claim.Key, "Another opportunity has this value. It may be in the recycle bin.");

        var numbers = new Dictionary<string, JsonElement>();
        if (command.Create && willWrite)
            foreach (var field in facts.Fields.Active.Where(f => f.Type == CustomFieldType.AutoNumber)) numbers[field.Key] = (await custom.Numbers(field, 1, ct))[0];
        return facts with { Problems = problems.ToDictionary(), Numbers = numbers };
    }
}

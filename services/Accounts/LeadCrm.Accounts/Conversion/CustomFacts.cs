using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Accounts.Conversion;

/// <summary>What the custom fields of one record add to a conversion's decision (C6).</summary>
/// <param name="Fields">The fields there are.</param>
internal sealed record CustomFacts(CustomFieldSet Fields)
{
    /// <summary>The currency of amounts that come without one.</summary>
    public string OrganisationCurrency { get; init; } = "EUR";
    /// <summary>What only the database knows: a look-up that leads nowhere, a unique value that another record has. By field.</summary>
    public IReadOnlyDictionary<string, string[]> Problems { get; init; } = new Dictionary<string, string[]>();
    /// <summary>Numbers for a record that is about to be made.</summary>
    public IReadOnlyDictionary<string, JsonElement> Numbers { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>
    /// The values that a conversion brings, as they are stored: with defaults and all that is required for a new record, alone for one that
    /// there is.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Values(IReadOnlyDictionary<string, string>? brought, bool isNew, Report report)
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
    /// <summary>The facts with the custom fields of both records; numbers are taken only for what will be written.</summary>
    public async Task<ConversionFacts> Complete(CreateAccountAndContact command, ConversionFacts facts, bool willWrite, CancellationToken ct) => facts with
    {
        AccountCustom = await Of("account", command.Account.Custom, command.CreateAccount && facts.Account is null, willWrite, ct),
        ContactCustom = await Of("contact", command.Contact.Custom, command.CreateContact && facts.Contact is null, willWrite, ct),
    };

    private async Task<CustomFacts> Of(string recordType, IReadOnlyDictionary<string, string>? brought, bool isNew, bool willWrite, CancellationToken ct)
    {
        var facts = new CustomFacts(custom.Of(recordType)) { OrganisationCurrency = custom.OrganisationCurrency };
        if (facts.Fields.Active.Count == 0) return facts;

        var values = facts.Normalised(brought, isNew, new FieldErrors());
        var problems = new FieldErrors();
        await custom.CheckLookups(facts.Fields, values, CustomJson.Read(null), problems, ct);
        foreach (var claim in await custom.Claims(recordType, [CustomJson.Write(values)], ct))
            if (claim.IsTaken) problems.Add(CustomNames.Prefix + claim.Key, $"Another {recordType} has this value. It may be in the recycle bin.");

        var numbers = new Dictionary<string, JsonElement>();
        if (isNew && willWrite)
            foreach (var field in facts.Fields.Active.Where(f => f.Type == CustomFieldType.AutoNumber)) numbers[field.Key] = (await custom.Numbers(field, 1, ct))[0];
        return facts with { Problems = problems.ToDictionary(), Numbers = numbers };
    }
}

using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>What the custom fields of a record add to a decision about values that another service's command brings: all of it is looked up before.</summary>
/// <param name="Fields">The fields there are.</param>
public sealed record CustomFacts(CustomFieldSet Fields)
{
    /// <summary>The currency of amounts that come without one.</summary>
    public string OrganisationCurrency { get; init; } = "EUR";

    /// <summary>What only the database knows: a look-up that leads nowhere, a unique value that another record has. By field.</summary>
    public IReadOnlyDictionary<string, string[]> Problems { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Numbers for a record that is about to be made.</summary>
    public IReadOnlyDictionary<string, JsonElement> Numbers { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>
    /// The values that are brought, as they are stored: with defaults and all that is required for a new record, alone for one that there is. What is wrong is
    /// reported by field.
    /// </summary>
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

/// <summary>Finds out what custom fields add to such a decision. Costs nothing where there are none.</summary>
public static class CustomFactsExtensions
{
    /// <summary>The facts about values that are brought for a record.</summary>
    /// <param name="custom">The service's custom fields.</param>
    /// <param name="recordType">Kind of the record.</param>
    /// <param name="brought">Its values as texts.</param>
    /// <param name="isNew">Whether the record would be made.</param>
    /// <param name="willWrite">Whether it will be: numbers are taken only then.</param>
    /// <param name="checkLookups">Whether look-ups are followed, as the acting user.</param>
    /// <param name="ct">Ends the work.</param>
    public static async Task<CustomFacts> Facts(
        this CustomValues custom, string recordType, IReadOnlyDictionary<string, string>? brought, bool isNew, bool willWrite, bool checkLookups, CancellationToken ct)
    {
        var facts = new CustomFacts(custom.Of(recordType)) { OrganisationCurrency = custom.OrganisationCurrency };
        if (facts.Fields.Active.Count == 0) return facts;

        var values = facts.Normalised(brought, isNew, new FieldErrors());
        var problems = new FieldErrors();
        if (checkLookups) await custom.CheckLookups(facts.Fields, values, CustomJson.Read(null), problems, ct);
        foreach (var claim in await custom.Claims(recordType, [CustomJson.Write(values)], ct))
            if (claim.IsTaken) problems.Add(CustomNames.Prefix + claim.Key, $"Another {recordType} has this value. It may be in the recycle bin.");

        var numbers = new Dictionary<string, JsonElement>();
        if (isNew && willWrite)
            foreach (var field in facts.Fields.Active.Where(f => f.Type == CustomFieldType.AutoNumber)) numbers[field.Key] = (await custom.Numbers(field, 1, ct))[0];
        return facts with { Problems = problems.ToDictionary(), Numbers = numbers };
    }
}

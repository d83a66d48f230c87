using System.Globalization;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Mapping;

/// <summary>
/// Which field of a lead feeds which field of account, contact and opportunity: the standard lines (C8), the switches on them, and the lines
/// that an administrator added (C11). Values, provenance and preview come from it. The owner is not in it, for it is decided, not mapped.
/// Immutable, so that a plan is a function of the lead and of this.
/// </summary>
internal sealed class MappingTable
{
    internal static readonly IReadOnlyList<MappingRule> Standard =
    [
        //   lead field        →        field of the record
        Line("company",       TargetFields.Account, "name"),
        Line("industry",      TargetFields.Account, "industry"),
        Line("annualRevenue", TargetFields.Account, "annualRevenue"),
        Line("employees",     TargetFields.Account, "employees"),
        Line("rating",        TargetFields.Account, "rating"),
        Line("website",       TargetFields.Account, "website"),
        Line("phone",         TargetFields.Account, "phone"),
        Line("fax",           TargetFields.Account, "fax"),
        Line("address",       TargetFields.Account, "billingAddress"),
        SourceToAccountLine,

        Line("salutation",    TargetFields.Contact, "salutation"),
        Line("firstName",     TargetFields.Contact, "firstName"),
        Line("lastName",      TargetFields.Contact, "lastName"),
        Line("title",         TargetFields.Contact, "title"),
        Line("email",         TargetFields.Contact, "email"),
        Line("phone",         TargetFields.Contact, "phone"),
        Line("mobile",        TargetFields.Contact, "mobile"),
        Line("fax",           TargetFields.Contact, "fax"),
        Line("address",       TargetFields.Contact, "mailingAddress"),
        Line("description",   TargetFields.Contact, "description"),
        Line("source",        TargetFields.Contact, "source"),
        Line("doNotCall",     TargetFields.Contact, "doNotCall"),
        Line("emailOptOut",   TargetFields.Contact, "emailOptOut"),

        Line("company",       TargetFields.Opportunity, "name"),
        Line("source",        TargetFields.Opportunity, "source"),
        Line("nextStep",      TargetFields.Opportunity, "nextStep"),
        Line("campaignId",    TargetFields.Opportunity, "primaryCampaignId"),
    ];

    private readonly FieldCatalog catalog;

    public MappingTable(FieldCatalog catalog, bool sourceToAccount = false, LeadWithoutCompany leadWithoutCompany = LeadWithoutCompany.NameAccountAfterPerson,
        IReadOnlyList<MappingRule>? custom = null, IReadOnlyList<ExchangeRate>? rates = null)
    {
        this.catalog = catalog;
        (SourceToAccount, LeadWithoutCompany, Custom, Rates) = (sourceToAccount, leadWithoutCompany, custom ?? [], rates ?? []);
        Rules = [.. Standard.Where(IsOn), .. Custom];
    }

    /// <summary>As shipped.</summary>
    public static MappingTable Shipped { get; } = new(FieldCatalog.Standard);

    /// <summary>True: the lead's source also becomes the account's (C8).</summary>
    public bool SourceToAccount { get; }

    /// <summary>What becomes of a lead without a company (C8).</summary>
    public LeadWithoutCompany LeadWithoutCompany { get; }

    /// <summary>The lines that an administrator added.</summary>
    public IReadOnlyList<MappingRule> Custom { get; }

    /// <summary>Rates as they stand now.</summary>
    public IReadOnlyList<ExchangeRate> Rates { get; }

    /// <summary>Every line that is on, the standard ones first.</summary>
    public IReadOnlyList<MappingRule> Rules { get; }

    /// <summary>The field of a record that a request names; null when there is none.</summary>
    public TargetField? Target(string record, string field) => catalog.Target(record, field);

    /// <summary>Whether a standard line is switched on.</summary>
    public bool IsOn(MappingRule standard) => standard != SourceToAccountLine || SourceToAccount;

    /// <summary>
    /// The lead's values on top of what the three records start with. A number that its target cannot hold is noted under the target's name, and so
    /// is a target that is not known here, for nothing may be lost on the way; what else does not fit, the record's service says (C12).
    /// </summary>
    public MappedValues Map(Lead lead, MappedValues start, FieldErrors errors)
    {
        foreach (var rule in Rules)
        {
            if (catalog.Source(rule.LeadField)?.Read(lead) is not { } value) continue;
            if (catalog.Target(rule.Record, rule.Field) is not { } target)
                errors.Add($"{rule.Record}.{rule.Field}", "The mapping feeds this field, but it is not known here at the moment. Try again in a few seconds.");
            else if (value is decimal number && Math.Abs(number) > target.Shape.Largest) errors.Add($"{rule.Record}.{rule.Field}", FieldOverrides.TooLarge);
            else start = target.Write(start, value);
        }
        return start;
    }

    /// <summary>The fields that added lines feed, as <c>record.field</c>, with the lead's field: what the standard table does not explain (C24).</summary>
    public IEnumerable<(string Field, string LeadField)> CustomFields(Lead lead) =>
        from rule in Custom
        where catalog.Source(rule.LeadField)?.Read(lead) is not null
        let target = catalog.Target(rule.Record, rule.Field)
        where target is not null
        from name in (IEnumerable<string>)[target.Name, .. target.Sets]
        select ($"{rule.Record}.{name}", rule.LeadField);

    /// <summary>The lead field that feeds a field by the standard table; null when none does. Parts of an address are fed by the same part.</summary>
    public static string? StandardSourceOf(string record, string field)
    {
        if ((record, field) is (TargetFields.Account, "revenueCurrency")) return field;
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? field : field[..dot];
        var rule = Standard.FirstOrDefault(rule => rule.Record == record && rule.Field == whole);
        return rule is null ? null : dot < 0 ? rule.LeadField : field[(dot + 1)..];
    }

    /// <summary>
    /// What the lead says and no line carries to one of these records, with the columns of its import that never became a field (C14). What a line
    /// offers and an existing record does not take, because it has a value of its own, is told as <c>kept</c> instead.
    /// </summary>
    public IReadOnlyList<LeftBehind> LeftBehind(Lead lead, IReadOnlyCollection<string> records)
    {
        var carried = Rules.Where(rule => records.Contains(rule.Record)).Select(rule => catalog.Source(rule.LeadField)).OfType<SourceField>()
            .SelectMany(source => (IEnumerable<string>)[source.Name, .. source.Parts]).ToHashSet(StringComparer.Ordinal);
        var details = lead.ToDetails();
        List<LeftBehind> left = [];
        foreach (var field in LeadFields.All)
            if (!carried.Contains(field.Name) && field.Get(details) is { } value) left.Add(new(field.Name, field.Label, Text(value)));
        foreach (var field in catalog.Sources)
            if (field.CustomId is not null && !carried.Contains(field.Name) && field.Read(lead) is { } value) left.Add(new(field.Name, field.Label, CustomMappedFields.Text(value)));
        if (lead.ReferredBy is { } referrer) left.Add(new("referredBy", "Referred by", $"{referrer.Kind.ToString().ToLowerInvariant()} {referrer.Id}"));
        if (lead.Consents is { Count: > 0 } consents) left.Add(new("consents", "Consents", string.Join(", ", consents.Select(consent => consent.Purpose))));
        foreach (var (column, value) in lead.Extra ?? []) left.Add(new("extra." + column, column, value));
        return left;
    }

    private static MappingRule SourceToAccountLine => Line("source", TargetFields.Account, "source");

    private static MappingRule Line(string leadField, string record, string field) => new() { LeadField = leadField, Record = record, Field = field };

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        decimal amount => amount.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

/// <summary>A value of a lead that a conversion carries nowhere (C14).</summary>
/// <param name="Field">The lead's field; <c>extra.COLUMN</c> for a column of its import.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Value">Its value, as text.</param>
internal sealed record LeftBehind(string Field, string Label, string Value);

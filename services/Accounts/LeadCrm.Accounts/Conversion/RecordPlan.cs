using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Conversion;

/// <summary>What happens to one record of a conversion: inserted as proposed, or the existing one filled where it is empty (C10).</summary>
internal sealed record RecordPlan<TRecord>(
    TRecord Proposal, IReadOnlyList<FilledField> Filled, IReadOnlyList<FieldProvenance> Provenance, IReadOnlyList<Violation> Violations) where TRecord : class
{
    /// <summary>Compares proposal and existing record field by field.</summary>
    /// <param name="record"><c>account</c> or <c>contact</c>.</param>
    /// <param name="fields">The fields a conversion brings.</param>
    /// <param name="proposal">The record as it would be when new.</param>
    /// <param name="existing">The record there is; null when it is to be created.</param>
    /// <param name="overwrite">Fields that are overwritten although they have a value.</param>
    /// <param name="violations">What is wrong with the proposal's values.</param>
    public static RecordPlan<TRecord> Make(
        string record, IReadOnlyList<FillableField<TRecord>> fields, TRecord proposal, TRecord? existing, string[] overwrite, IReadOnlyList<Violation> violations)
    {
        var offered = fields.Select(field => (Field: field, Value: Text(field.Read(proposal)))).Where(offer => offer.Value is not null).ToList();
        if (existing is null)
            return new(proposal, [], [.. offered.Select(offer => Came(offer.Field.Name, "set", offer.Value))], violations);

        var contradicted = offered.Where(offer => offer.Field.Group is not null && Text(offer.Field.Read(existing)) is { } has && !Same(has, offer.Value))
            .Select(offer => offer.Field.Group).ToHashSet();
        List<FilledField> filled = [];
        List<FieldProvenance> provenance = [];
        foreach (var (field, value) in offered)
        {
            var has = Text(field.Read(existing));
            var overwrites = has is not null && has != value && overwrite.Contains(field.Name);
            var fills = has is null && !contradicted.Contains(field.Group);
            if (fills || overwrites || has == value) filled.Add(new FilledField(record, field.Name, has, value));
            provenance.Add(fills || overwrites
                ? Came(field.Name, overwrites || field.Name is "doNotCall" or "emailOptOut" ? "overwritten" : "filled", value)
                : Came(field.Name, "kept", has));
        }

        // What an existing record does not take over cannot hurt it.
        var taken = filled.Where(f => f.Changed).Select(f => f.Field).ToHashSet(StringComparer.Ordinal);
        if (taken.Contains("annualRevenue")) taken.Add("revenueCurrency");
        return new(proposal, filled, provenance, [.. violations.Where(v => taken.Contains(v.Field) || IsOfEmptyCustom(v.Field))]);

        // A custom value that is wrong never became part of the proposal: were the field empty, it would have been filled (C12).
        bool IsOfEmptyCustom(string name) => CustomNames.KeyOf(name) is not null && Text(fields.FirstOrDefault(field => field.Name == name)?.Read(existing)) is null;

        FieldProvenance Came(string field, string outcome, string? value) => new() { Record = record, Field = field, Outcome = outcome, Value = FillableFields.Shown(field, value) };
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

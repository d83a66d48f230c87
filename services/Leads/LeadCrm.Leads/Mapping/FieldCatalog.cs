using LeadCrm.Leads.KnownFields;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Leads.Mapping;

/// <summary>Every field that a mapping can speak of, by name.</summary>
internal sealed class FieldCatalog
{
    private readonly Dictionary<string, SourceField> sources;
    private readonly Dictionary<(string Record, string Field), TargetField> targets;

    public FieldCatalog(IReadOnlyList<SourceField> sources, IReadOnlyList<TargetField> targets)
    {
        (Sources, Targets) = (sources, targets);
        this.sources = sources.ToDictionary(field => field.Name, StringComparer.Ordinal);
        this.targets = targets.ToDictionary(field => (field.Record, field.Name));
    }

    /// <summary>The standard fields alone.</summary>
    public static FieldCatalog Standard { get; } = new(SourceFields.Standard, TargetFields.Standard);

    /// <summary>With the custom fields that there are.</summary>
    public static FieldCatalog With(IEnumerable<CustomFieldState> ofLeads, IEnumerable<KnownCustomField> ofRecords) => new(
        [.. SourceFields.Standard, .. ofLeads.Select(CustomMappedFields.Source)],
        [.. TargetFields.Standard, .. ofRecords.OrderBy(field => field.RecordType, StringComparer.Ordinal).ThenBy(field => field.Label, StringComparer.OrdinalIgnoreCase).Select(CustomMappedFields.Target)]);

    public IReadOnlyList<SourceField> Sources { get; }

    public IReadOnlyList<TargetField> Targets { get; }

    /// <summary>The lead's field; null when there is none of that name.</summary>
    public SourceField? Source(string name) => sources.GetValueOrDefault(name);

    /// <summary>The record's field; null when there is none of that name.</summary>
    public TargetField? Target(string record, string field) => targets.GetValueOrDefault((record, field));
}

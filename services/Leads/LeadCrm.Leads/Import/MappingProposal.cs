using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Leads.Import;

/// <summary>Which column is which field, guessed from headings: by API name, label or alias (IM2).</summary>
internal static class MappingProposal
{
    /// <summary>Targets of a mapping that are no typed fields of the lead.</summary>
    private static readonly (string Name, string Label, string[] Aliases)[] Others =
    [
        ("status", "Status", ["lead status"]),
        ("owner", "Owner", ["owner email", "owner id"]),
        ("score", "Score", ["lead score"]),
        ("grade", "Grade", ["lead grade"]),
    ];

    private static readonly (string Key, string Field)[] Keys =
    [
        .. LeadFields.All.SelectMany(f => new[] { f.Name, f.Label }.Concat(f.Aliases).Select(name => (Key(name), f.Name))),
        .. Others.SelectMany(o => new[] { o.Name, o.Label }.Concat(o.Aliases).Select(name => (Key(name), o.Name))),
    ];

    /// <summary>Every field that a column may be mapped to; numbers that the system gives are none.</summary>
    internal static IEnumerable<(string Name, string Label)> Fields(CustomFieldSet custom) =>
        LeadFields.All.Select(f => (f.Name, f.Label)).Concat(Others.Select(o => (o.Name, o.Label))).Concat(Writable(custom).Select(f => (f.Name, f.Label)));

    internal static bool IsField(string name, CustomFieldSet custom) => LeadFields.Exists(name) || Others.Any(o => o.Name == name) || Writable(custom).Any(f => f.Name == name);

    /// <summary>Column → field. Each field is proposed once, for the heading that says it best.</summary>
    internal static Dictionary<string, string> For(IReadOnlyList<string> headers, CustomFieldSet custom)
    {
        var mapping = new Dictionary<string, string>();
        // A heading that names a custom field means it; what remains may mean a standard one.
        foreach (var (key, field) in Writable(custom).SelectMany(f => new[] { (Key(f.Name), f.Name), (Key(f.Key), f.Name), (Key(f.Label), f.Name) }).Concat(Keys))
        {
            if (mapping.ContainsValue(field)) continue;
            if (headers.FirstOrDefault(h => !mapping.ContainsKey(h) && Key(h) == key) is { } header) mapping[header] = field;
        }
        return mapping;
    }

    private static IEnumerable<CustomField> Writable(CustomFieldSet custom) => custom.Active.Where(f => f.Type != CustomFieldType.AutoNumber);

    private static string Key(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}

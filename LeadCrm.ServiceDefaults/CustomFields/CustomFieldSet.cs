using System.Collections.Frozen;
using System.Text.Json;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>The custom fields of one kind of record, as they are at one moment.</summary>
public sealed class CustomFieldSet
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];
    private readonly FrozenDictionary<string, CustomField> byKey;

    internal CustomFieldSet(string recordType, IEnumerable<CustomField> fields)
    {
        RecordType = recordType;
        All = [.. fields.Where(f => f.RecordType == recordType).OrderBy(f => f.Sort).ThenBy(f => f.Label, StringComparer.OrdinalIgnoreCase)];
        Active = [.. All.Where(f => f.DeletedAt is null)];
        byKey = Active.ToFrozenDictionary(f => f.Key, StringComparer.Ordinal);
    }

    /// <summary>No fields.</summary>
    public static CustomFieldSet None(string recordType) => new(recordType, []);

    /// <summary>The kind of record.</summary>
    public string RecordType { get; }

    /// <summary>Those in use, in order.</summary>
    public IReadOnlyList<CustomField> Active { get; }

    /// <summary>Those in use, as other services hear of them.</summary>
    public IEnumerable<CustomFieldState> States => Active.Select(one => CustomFieldState.Of(one, one.Version));

    /// <summary>Deleted ones too, until they are purged.</summary>
    internal IReadOnlyList<CustomField> All { get; }

    /// <summary>The field of a key; null when there is none in use.</summary>
    public CustomField? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>What a reader sees of a record's values: those of fields in use. Costs nothing where there are none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Shown(string? stored)
    {
        if (stored is null) return Nothing;
        var values = CustomJson.Read(stored);
        return Active.Count == All.Count ? values : values.Where(value => byKey.ContainsKey(value.Key)).ToDictionary();
    }
}

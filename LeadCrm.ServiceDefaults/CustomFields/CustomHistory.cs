using System.Text.Json;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>What changed in a record's custom values, field by field.</summary>
public static class CustomHistory
{
    /// <summary>Every key whose value is another one, as <c>custom.key</c>.</summary>
    public static IEnumerable<FurtherChange> Changes(string? old, string? now)
    {
        if (old == now) yield break;
        var (before, after) = (CustomJson.Read(old), CustomJson.Read(now));
        foreach (var (key, value) in after)
        {
            if (!before.TryGetValue(key, out var had)) yield return new(CustomNames.Prefix + key, null, value);
            else if (!JsonElement.DeepEquals(had, value)) yield return new(CustomNames.Prefix + key, had, value);
        }
        foreach (var (key, value) in before)
            if (!after.ContainsKey(key)) yield return new(CustomNames.Prefix + key, value, null);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Data;

/// <summary>Small immutable documents in jsonb columns.</summary>
internal static class JsonColumns
{
    /// <summary>The form of these documents.</summary>
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>
    /// Stores the value as jsonb. Its instance counts as its value: owners replace a document when it changes, so nothing has to be compared
    /// or copied to see whether it did.
    /// </summary>
    internal static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) where T : class?
    {
        property.HasColumnType("jsonb").HasConversion(
            value => JsonSerializer.Serialize(value, Options),
            json => JsonSerializer.Deserialize<T>(json, Options)!,
            new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value == null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value), value => value));
        return property;
    }
}

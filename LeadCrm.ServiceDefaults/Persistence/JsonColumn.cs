using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>
/// Immutable values, each in one jsonb column. Their instance counts as the value: owners replace them, so nothing has to be compared or copied to see whether they
/// did. Unknown members are ignored on reading: an older version of the code may meet a newer row.
/// </summary>
public static class JsonColumn
{
    /// <summary>Keeps the value as JSON.</summary>
    /// <param name="property">The property.</param>
    /// <param name="options">In which form; null: <see cref="JsonSerializerOptions.Web"/>.</param>
    public static PropertyBuilder<T> AsJsonb<T>(this PropertyBuilder<T> property, JsonSerializerOptions? options = null)
    {
        var form = options ?? JsonSerializerOptions.Web;
        return property.HasColumnType("jsonb").HasConversion(value => JsonSerializer.Serialize(value, form), text => JsonSerializer.Deserialize<T>(text, form)!, ByInstance<T>());
    }

    /// <summary>For values that are replaced, never changed in place.</summary>
    public static ValueComparer<T> ByInstance<T>() =>
        new((one, other) => ReferenceEquals(one, other), value => value == null ? 0 : RuntimeHelpers.GetHashCode(value), value => value);
}

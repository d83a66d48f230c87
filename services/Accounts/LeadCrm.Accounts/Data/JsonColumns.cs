using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.Data;

/// <summary>Short lists that belong to one record stand in a jsonb column of it: read, versioned and recorded in the history as one value.</summary>
internal static class JsonColumns
{
    public static PropertyBuilder<IReadOnlyList<TItem>> IsJsonList<TItem>(this PropertyBuilder<IReadOnlyList<TItem>> property) where TItem : class
    {
        property.HasColumnType("jsonb").IsRequired().HasConversion(
            list => JsonSerializer.Serialize(list, Json.Options),
            text => JsonSerializer.Deserialize<List<TItem>>(text, Json.Options)!,
            new ValueComparer<IReadOnlyList<TItem>>((a, b) => a!.SequenceEqual(b!), list => list.Aggregate(0, HashCode.Combine), list => list));
        return property;
    }
}

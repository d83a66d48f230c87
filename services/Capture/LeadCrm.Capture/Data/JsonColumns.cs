using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Capture.Data;

/// <summary>Small immutable documents in jsonb columns.</summary>
internal static class JsonColumns
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Stores the value as jsonb.</summary>
    internal static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) where T : class? => property.AsJsonb(Options);
}

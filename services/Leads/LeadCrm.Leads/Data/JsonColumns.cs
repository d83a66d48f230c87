using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>Stores the value as jsonb.</summary>
    internal static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property) where T : class? => property.AsJsonb(Options);

    /// <summary>Stores as jsonb what is parsed only when somebody reads it.</summary>
    internal static PropertyBuilder<JsonText<T>?> IsJsonText<T>(this PropertyBuilder<JsonText<T>?> property) where T : class =>
        property.HasColumnType("jsonb").HasConversion(document => document!.Text, json => new JsonText<T>(json), JsonColumn.ByInstance<JsonText<T>?>());
}

/// <summary>A document that comes from a column as text, and is an object once somebody asks for it: most who load a row want little of it.</summary>
internal sealed class JsonText<T> where T : class
{
    private string? text;
    private T? value;

    public JsonText(string text) => this.text = text;

    public JsonText(T value) => this.value = value;

    /// <summary>The document.</summary>
    public T Value => value ??= JsonSerializer.Deserialize<T>(text!, JsonColumns.Options)!;

    /// <summary>The document as it is stored.</summary>
    public string Text => text ??= JsonSerializer.Serialize(value, JsonColumns.Options);
}

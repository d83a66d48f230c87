using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>The one JSON form of the house: camelCase, enums by name, unknown members refused.</summary>
public static class Json
{
    /// <summary>Read-only options for code outside of minimal APIs.</summary>
    public static JsonSerializerOptions Options { get; } = ReadOnly(Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    internal static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new NoNulStringConverter());
        return options;
    }

    private static JsonSerializerOptions ReadOnly(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>PostgreSQL cannot store NUL, and nobody means to type it: refused by name instead of failing on the way to the database.</summary>
    private sealed class NoNulStringConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("A text is expected here.");
            var text = reader.GetString();
            return text is not null && text.Contains('\0', StringComparison.Ordinal) ? throw new NulCharacterException() : text;
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }
}

/// <summary>A body has a member that its endpoint does not know; answered as 400.</summary>
internal sealed class UnknownMemberException(string member) : JsonException($"The JSON property '{member}' could not be mapped.");

/// <summary>A text holds a NUL character; answered as 422.</summary>
public sealed class NulCharacterException() : JsonException("Texts must not contain the NUL character (U+0000).");

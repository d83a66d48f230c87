using System.Text.Json;
using System.Text.Json.Serialization;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>What only some types of custom fields have; what a type does not know is empty.</summary>
public record CustomFieldSettings
{
    /// <summary>Texts: fewest characters.</summary>
    public int? MinLength { get; init; }
    /// <summary>Texts: most characters.</summary>
    public int? MaxLength { get; init; }
    /// <summary>Numbers: most decimal places.</summary>
    public int? Decimals { get; init; }
    /// <summary>Numbers: the smallest.</summary>
    public decimal? Min { get; init; }
    /// <summary>Numbers: the largest.</summary>
    public decimal? Max { get; init; }
    /// <summary>Dates: the first day.</summary>
    public DateOnly? Earliest { get; init; }
    /// <summary>Dates: the last day.</summary>
    public DateOnly? Latest { get; init; }
    /// <summary>Pick-lists: what can be chosen, in order.</summary>
    public IReadOnlyList<CustomFieldOption>? Options { get; init; }
    /// <summary>Pick-list: false lets people write something else.</summary>
    public bool? IsRestricted { get; init; }
    /// <summary>Lookup: the kind of record it points to.</summary>
    public string? LookupTarget { get; init; }
    /// <summary>Auto-number: how it is written, such as <c>INV-{0000}</c>.</summary>
    public string? NumberFormat { get; init; }
    /// <summary>Auto-number: the first one.</summary>
    public long? StartsAt { get; init; }
    /// <summary>Phone: ISO 3166 code of the country whose numbers are written without their international prefix.</summary>
    public string? Country { get; init; }

    internal static JsonSerializerOptions Format { get; } = new(Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    internal static bool Same(CustomFieldSettings? a, CustomFieldSettings? b) => JsonSerializer.Serialize(a, Format) == JsonSerializer.Serialize(b, Format);
}

/// <summary>Something to choose.</summary>
public sealed record CustomFieldOption
{
    /// <summary>What is stored and never changes.</summary>
    public required string Value { get; init; }
    /// <summary>What people read; the value when empty.</summary>
    public string? Label { get; init; }
    /// <summary>False: it can no longer be chosen; records that have it keep it.</summary>
    public bool IsActive { get; init; } = true;
}

/// <summary>A definition as an administrator writes it; the body of PATCH.</summary>
public record CustomFieldInput : CustomFieldSettings
{
    /// <summary>An empty one.</summary>
    public CustomFieldInput() { }

    /// <summary>One with these settings.</summary>
    protected CustomFieldInput(CustomFieldSettings settings) : base(settings) { }

    /// <summary>Name that people read.</summary>
    public string? Label { get; init; }
    /// <summary>What it holds; another type only where every stored value fits it.</summary>
    public CustomFieldType? Type { get; init; }
    /// <summary>What helps people to fill it.</summary>
    public string? Help { get; init; }
    /// <summary>True: nobody saves a record without it.</summary>
    public bool IsRequired { get; init; }
    /// <summary>True: no two records have the same value.</summary>
    public bool IsUnique { get; init; }
    /// <summary>True: ranges and order get an index of their own.</summary>
    public bool IsIndexed { get; init; }
    /// <summary>What new records get when nothing is said, in the type's own form.</summary>
    public JsonElement? DefaultValue { get; init; }
    /// <summary>Place among the others, ascending.</summary>
    public int Sort { get; init; }

    internal static CustomFieldInput From(CustomField field) => new(field.Settings)
    {
        Label = field.Label, Type = field.Type, Help = field.Help, IsRequired = field.IsRequired, IsUnique = field.IsUnique, IsIndexed = field.IsIndexed, Sort = field.Sort,
        DefaultValue = field.DefaultValue is { } json ? JsonElement.Parse(json) : null,
    };

    internal CustomFieldSettings ToSettings() => new()
    {
        MinLength = MinLength, MaxLength = MaxLength, Decimals = Decimals, Min = Min, Max = Max, Earliest = Earliest, Latest = Latest, Options = Options,
        IsRestricted = IsRestricted, LookupTarget = LookupTarget, NumberFormat = NumberFormat, StartsAt = StartsAt, Country = Country,
    };
}

namespace LeadCrm.Leads.Mapping;

/// <summary>What kind of value a field holds, as far as a mapping has to know (C11).</summary>
internal enum FieldType
{
    /// <summary>Yes or no.</summary>
    Boolean,
    /// <summary>An amount with its currency.</summary>
    Currency,
    /// <summary>A local day.</summary>
    Date,
    /// <summary>An instant.</summary>
    DateTime,
    /// <summary>An e-mail address.</summary>
    Email,
    /// <summary>Latitude and longitude.</summary>
    Geolocation,
    /// <summary>A number.</summary>
    Number,
    /// <summary>A percentage.</summary>
    Percent,
    /// <summary>A phone or fax number.</summary>
    Phone,
    /// <summary>Several values of a list.</summary>
    MultiSelect,
    /// <summary>Text of several lines.</summary>
    LongText,
    /// <summary>Formatted text.</summary>
    RichText,
    /// <summary>A web address.</summary>
    Url,
    /// <summary>A number that the system counts up, with what stands around it.</summary>
    AutoNumber,
    /// <summary>Text of one line.</summary>
    Text,
    /// <summary>One value of a list.</summary>
    Picklist,
    /// <summary>A reference to a record.</summary>
    Lookup,
    /// <summary>A postal address as a whole; only of standard fields.</summary>
    Address,
}

/// <summary>A field's type and what it takes.</summary>
internal sealed record FieldShape(FieldType Type)
{
    /// <summary>Most characters of a text, or of the longest value of a list; null: not limited.</summary>
    public int? Length { get; init; }
    /// <summary>Most decimal places of a number; null: as they come.</summary>
    public int? Decimals { get; init; }
    /// <summary>The largest number, in either direction; null: not limited.</summary>
    public decimal? Largest { get; init; }
    /// <summary>A list that takes its own values only.</summary>
    public bool IsRestricted { get; init; }
    /// <summary>The kind of record that a reference is to.</summary>
    public string? LookupOf { get; init; }

    /// <summary>
    /// Why a value of this field cannot be mapped to another; null when it can (C11): the same type, an auto-number to text, text to long text and
    /// to lists that take any value, a list to text and lists, a reference to references to the same kind of record; and the target takes at
    /// least as much.
    /// </summary>
    public string? ProblemWith(FieldShape target)
    {
        if (!Fits(target)) return $"A field of type {Name(Type)} can be mapped to {Targets()}, not to {Name(target)}.";
        if (Type == FieldType.Lookup && LookupOf != target.LookupOf) return $"A reference to {LookupOf} cannot become a reference to {target.LookupOf}.";
        if (target.Type != FieldType.Picklist && target.Length is { } takes && (Length is not { } has || has > takes))
            return $"The target takes {takes:N0} characters, the lead's field {(Length is { } most ? $"up to {most:N0}" : "any number")}: a value might not fit.";
        if (target.Decimals is { } places && (Decimals is not { } given || given > places))
            return $"The target takes {places} decimal places, the lead's field more: a value might not fit.";
        return null;
    }

    private bool Fits(FieldShape target) => (Type, target.Type) switch
    {
        (FieldType.AutoNumber, _) => target.Type == FieldType.Text,
        (_, FieldType.AutoNumber) => false,
        (FieldType.Text, FieldType.LongText) => true,
        (FieldType.Text, FieldType.Picklist) => !target.IsRestricted,
        (FieldType.Picklist, FieldType.Text) => true,
        var (source, same) => source == same,
    };

    private string Targets() => Type switch
    {
        FieldType.AutoNumber => "text",
        FieldType.Text => "text, long text and lists that take any value",
        FieldType.Picklist => "text and lists",
        _ => $"the same type ({Name(Type)})",
    };

    private static string Name(FieldShape shape) => shape is { Type: FieldType.Picklist, IsRestricted: true } ? "a list that takes its own values only" : Name(shape.Type);

    private static string Name(FieldType type) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(type.ToString());
}

using System.Globalization;
using System.Text.Json;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>How a value is compared in SQL, which says what filters and orders it takes.</summary>
internal enum CustomColumn
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>As text in the database's order.</summary>
    Text,
    /// <summary>As text of a fixed form, character by character: dates.</summary>
    Ordinal,
    /// <summary>As a number.</summary>
    Number,
    /// <summary>As the amount of a currency value.</summary>
    Amount,
    /// <summary>Only whether it is that value.</summary>
    Equality,
    /// <summary>As text that is only searched.</summary>
    LongText,
    /// <summary>Whether it is among several.</summary>
    Set,
}

/// <summary>Notes what is wrong with a value.</summary>
internal delegate void Complaint(string message);

/// <summary>What one type of custom field accepts, how it is stored, and what can be done with it.</summary>
internal abstract partial class CustomType
{
    private const NumberStyles Numeric = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Settings that the type has; another one is refused.</summary>
    public virtual IReadOnlyList<string> Settings => [];
    public virtual CustomColumn Column => CustomColumn.Text;
    public virtual bool CanBeUnique => false;
    public virtual bool CanBeRequired => true;
    /// <summary>Whether people write it.</summary>
    public virtual bool IsWritable => true;
    public bool IsSortable => Column is CustomColumn.Text or CustomColumn.Ordinal or CustomColumn.Number or CustomColumn.Amount;

    /// <summary>The value as it is stored; null when it says nothing or something is wrong with it, which is then noted.</summary>
    public abstract JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong);

    /// <summary>A value as it stands in a cell of a file, as the API would take it.</summary>
    public virtual JsonElement? FromText(string cell, Complaint wrong) => Json(cell);

    public static CustomType Of(CustomFieldType type) => type switch
    {
        CustomFieldType.Text => Text, CustomFieldType.LongText => LongText, CustomFieldType.Number => Number, CustomFieldType.Currency => Currency,
        CustomFieldType.Percent => Number, CustomFieldType.Date => Date, CustomFieldType.DateTime => Instant, CustomFieldType.Checkbox => Checkbox,
        CustomFieldType.PickList => PickList, CustomFieldType.MultiSelect => MultiSelect, CustomFieldType.Email => Email, CustomFieldType.Phone => Phone,
        CustomFieldType.Url => Url, CustomFieldType.RichText => Rich, CustomFieldType.Geolocation => Geolocation, CustomFieldType.AutoNumber => AutoNumber,
        CustomFieldType.Lookup => Lookup, _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static readonly CustomType Text = new TextType(255, multiline: false), LongText = new TextType(32_000, multiline: true), Number = new NumberType(),
        Currency = new CurrencyType(), Date = new DateType(), Instant = new InstantType(), Checkbox = new CheckboxType(), PickList = new PickListType(),
        MultiSelect = new MultiSelectType(), Email = new EmailType(), Phone = new PhoneType(), Url = new UrlType(), Rich = new RichTextType(),
        Geolocation = new GeolocationType(), AutoNumber = new AutoNumberType(), Lookup = new LookupType();

    protected static JsonElement Json(string value) => JsonSerializer.SerializeToElement(value);
    protected static JsonElement Json(decimal value) => JsonSerializer.SerializeToElement(value / 1.000000000000000000000000000000m);   // 12.50 and 12.5 are one number

    protected static string? TextOf(JsonElement typed, Complaint wrong)
    {
        if (typed.ValueKind != JsonValueKind.String) wrong("A text is expected here.");
        else if (Readable(typed) is not { } text) wrong("This is no valid Unicode text.");
        else if (text.Contains('\0', StringComparison.Ordinal)) wrong("Texts must not contain the NUL character (U+0000).");
        else return text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        return null;
    }

    protected static decimal? DecimalOf(JsonElement typed, Complaint wrong)
    {
        if (typed.ValueKind == JsonValueKind.Number && typed.TryGetDecimal(out var number)) return number;
        wrong(typed.ValueKind == JsonValueKind.Number ? "This number has more digits than can be stored." : "A number is expected here.");
        return null;
    }

    protected static JsonElement? NumberFromText(string cell, Complaint wrong)
    {
        if (decimal.TryParse(cell, Numeric, CultureInfo.InvariantCulture, out var number)) return Json(number);
        wrong($"“{Short(cell)}” is no number.");
        return null;
    }

    protected static bool IsWithinLength(string text, int longest, CustomField field, Complaint wrong)
    {
        longest = Math.Min(longest, field.Settings.MaxLength ?? longest);
        if (text.Length > longest) wrong($"Too long: {text.Length:N0} characters, at most {longest:N0} are stored.");
        else if (text.Length < field.Settings.MinLength) wrong($"Too short: at least {field.Settings.MinLength:N0} characters are needed.");
        else return true;
        return false;
    }

    protected static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    protected static decimal? Within(decimal? number, int mostDecimals, CustomField field, Complaint wrong)
    {
        const decimal largest = 999_999_999_999_999m;
        if (number is not { } value) return null;
        var decimals = Math.Min(mostDecimals, field.Settings.Decimals ?? mostDecimals);
        if (decimal.Round(value, decimals) != value) wrong(decimals == 0 ? "Only whole numbers are stored." : $"At most {decimals} decimal places are stored.");
        else if (value < (field.Settings.Min ?? -largest)) wrong($"At least {Plain(field.Settings.Min ?? -largest)}.");
        else if (value > (field.Settings.Max ?? largest)) wrong($"At most {Plain(field.Settings.Max ?? largest)}.");
        else return value;
        return null;
    }

    private static string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Readable(JsonElement text)
    {
        try { return text.GetString(); }
        catch (InvalidOperationException) { return null; }   // half a surrogate pair
    }
}

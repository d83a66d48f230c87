using System.Globalization;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Values;

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
internal abstract class CustomType
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

    private sealed class TextType(int longest, bool multiline) : CustomType
    {
        public override IReadOnlyList<string> Settings => ["minLength", "maxLength"];
        public override CustomColumn Column => multiline ? CustomColumn.LongText : CustomColumn.Text;
        public override bool CanBeUnique => !multiline;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!multiline && text.AsSpan().IndexOfAny('\r', '\n') >= 0) wrong("This field holds one line.");
            else if (IsWithinLength(text, longest, field, wrong)) return Json(text);
            return null;
        }
    }

    private sealed class NumberType : CustomType
    {
        public const int MostDecimals = 8;
        public override IReadOnlyList<string> Settings => ["decimals", "min", "max"];
        public override CustomColumn Column => CustomColumn.Number;
        public override bool CanBeUnique => true;
        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong) =>
            Within(DecimalOf(typed, wrong), MostDecimals, field, wrong) is { } number ? Json(number) : null;
        public override JsonElement? FromText(string cell, Complaint wrong) => NumberFromText(cell.TrimEnd(' ', '%'), wrong);
    }

    private sealed class CurrencyType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["decimals", "min", "max"];
        public override CustomColumn Column => CustomColumn.Amount;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            var (amount, currency) = (typed, organisationCurrency);
            if (typed.ValueKind == JsonValueKind.Object)
            {
                if (!typed.TryGetProperty("amount", out amount) || typed.EnumerateObject().Any(member => member.Name is not ("amount" or "currency")))
                {
                    wrong("Write an amount, or { \"amount\": 12.5, \"currency\": \"EUR\" }.");
                    return null;
                }
                if (amount.ValueKind == JsonValueKind.Null) return null;
                if (typed.TryGetProperty("currency", out var code) && code.ValueKind != JsonValueKind.Null)
                {
                    if (TextOf(code, wrong) is not { } text) return null;
                    if (Currencies.Normalise(text) is not { } known)
                    {
                        wrong($"“{Short(text)}” is no ISO 4217 currency code.");
                        return null;
                    }
                    currency = known;
                }
            }
            return Within(DecimalOf(amount, wrong), 4, field, wrong) is { } number ? JsonSerializer.SerializeToElement(new { amount = Json(number), currency }) : null;
        }

        /// <summary>The amount with its currency before or behind it: <c>12.50 EUR</c>.</summary>
        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            var text = cell.Trim();
            var currency = text.Length > 3 && text[^3..].All(char.IsAsciiLetter) ? text[^3..] : text.Length > 3 && text[..3].All(char.IsAsciiLetter) ? text[..3] : null;
            var amount = currency is null ? text : text.StartsWith(currency, StringComparison.Ordinal) ? text[3..] : text[..^3];
            return NumberFromText(amount, wrong) is { } number ? JsonSerializer.SerializeToElement(new { amount = number, currency }) : null;
        }
    }

    private sealed class DateType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["earliest", "latest"];
        public override CustomColumn Column => CustomColumn.Ordinal;
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) wrong("A date is expected here, such as 2026-03-31.");
            else if (IsWithinDays(date, field, wrong)) return Json(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            return null;
        }

        public static bool IsWithinDays(DateOnly date, CustomField field, Complaint wrong)
        {
            if (date < field.Settings.Earliest) wrong($"Not before {field.Settings.Earliest:yyyy-MM-dd}.");
            else if (date > field.Settings.Latest) wrong($"Not after {field.Settings.Latest:yyyy-MM-dd}.");
            else return true;
            return false;
        }
    }

    private sealed class InstantType : CustomType
    {
        private static readonly string[] Forms = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];
        public override IReadOnlyList<string> Settings => ["earliest", "latest"];
        public override CustomColumn Column => CustomColumn.Ordinal;
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
                wrong("An ISO 8601 instant is expected here, such as 2026-03-31T14:00:00Z.");
            else if (DateType.IsWithinDays(DateOnly.FromDateTime(at.UtcDateTime), field, wrong)) return Json(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            return null;
        }
    }

    private sealed class CheckboxType : CustomType
    {
        public override CustomColumn Column => CustomColumn.Equality;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind is JsonValueKind.True or JsonValueKind.False) return typed;
            wrong("true or false is expected here.");
            return null;
        }

        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            switch (cell.Trim().ToLowerInvariant())
            {
                case "no" or "n" or "false" or "f" or "0" or "off" or "nein": return JsonSerializer.SerializeToElement(false);
                case "yes" or "y" or "true" or "t" or "1" or "on" or "x" or "ja": return JsonSerializer.SerializeToElement(true);
                default:
                    wrong("Yes or no is expected here.");
                    return null;
            }
        }
    }

    private sealed class PickListType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["options", "isRestricted"];

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (Choose(text, field, wrong, mayBeOther: field.Settings.IsRestricted == false) is not { } value) return null;
            return IsWithinLength(value, 255, field, wrong) ? Json(value) : null;
        }

        /// <summary>The option that a value or label names.</summary>
        public static string? Choose(string text, CustomField field, Complaint wrong, bool mayBeOther)
        {
            var options = field.Settings.Options ?? [];
            var option = options.FirstOrDefault(o => string.Equals(o.Value, text, StringComparison.OrdinalIgnoreCase)) ?? options.FirstOrDefault(o => string.Equals(o.Label, text, StringComparison.OrdinalIgnoreCase));
            if (option is { IsActive: true }) return option.Value;
            if (option is null && mayBeOther) return text;
            var known = string.Join(", ", options.Where(o => o.IsActive).Take(20).Select(o => o.Value));
            wrong(option is null ? $"“{Short(text)}” is none of the options: {known}." : $"“{option.Label ?? option.Value}” can no longer be chosen. Options: {known}.");
            return null;
        }
    }

    private sealed class MultiSelectType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["options"];
        public override CustomColumn Column => CustomColumn.Set;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind != JsonValueKind.Array)
            {
                wrong("A list of options is expected here.");
                return null;
            }
            var chosen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in typed.EnumerateArray())
            {
                if (TextOf(item, wrong) is not { } text || PickListType.Choose(text, field, wrong, mayBeOther: false) is not { } value) return null;
                chosen.Add(value);
            }
            // In the order of the options, so that the same choice is the same value.
            return chosen.Count == 0 ? null : JsonSerializer.SerializeToElement((field.Settings.Options ?? []).Select(o => o.Value).Where(chosen.Contains));
        }

        public override JsonElement? FromText(string cell, Complaint wrong) =>
            JsonSerializer.SerializeToElement(cell.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>A text that has one right form.</summary>
    private abstract class FormType(int longest, string expected) : CustomType
    {
        public override bool CanBeUnique => true;

        protected abstract string? Form(string text, CustomField field);

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (text.Length > longest) wrong($"Too long: {text.Length:N0} characters, at most {longest:N0} are stored.");
            else if (Form(text, field) is { } value) return Json(value);
            else wrong($"“{Short(text)}” is no {expected}.");
            return null;
        }
    }

    private sealed class EmailType() : FormType(254, "e-mail address")
    {
        protected override string? Form(string text, CustomField field) => EmailAddresses.Normalise(text);
    }

    private sealed class PhoneType() : FormType(60, "phone number")
    {
        public override IReadOnlyList<string> Settings => ["country"];
        protected override string? Form(string text, CustomField field) => Phones.Normalise(text, field.Settings.Country is { } country ? Countries.Find(country) : null);
    }

    private sealed class UrlType() : FormType(2_000, "web address")
    {
        protected override string? Form(string text, CustomField field) => Urls.Normalise(text);
    }

    private sealed class RichTextType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["maxLength"];
        public override CustomColumn Column => CustomColumn.LongText;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text || !IsWithinLength(text, 64_000, field, wrong)) return null;
            return RichText.Sanitise(text) is { Length: > 0 } html ? Json(html) : null;
        }
    }

    private sealed class GeolocationType : CustomType
    {
        public override CustomColumn Column => CustomColumn.None;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind != JsonValueKind.Object || !typed.TryGetProperty("lat", out var lat) || !typed.TryGetProperty("lng", out var lng) || typed.EnumerateObject().Count() != 2)
            {
                wrong("Write a place as { \"lat\": 53.55, \"lng\": 9.99 }.");
                return null;
            }
            if (DecimalOf(lat, wrong) is not { } north || DecimalOf(lng, wrong) is not { } east) return null;
            if (Math.Abs(north) > 90) wrong("A latitude is -90 to 90.");
            else if (Math.Abs(east) > 180) wrong("A longitude is -180 to 180.");
            else if (decimal.Round(north, 10) != north || decimal.Round(east, 10) != east) wrong("At most 10 decimal places are stored.");
            else return JsonSerializer.SerializeToElement(new { lat = Json(north), lng = Json(east) });
            return null;
        }

        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            var parts = cell.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && NumberFromText(parts[0], wrong) is { } lat && NumberFromText(parts[1], wrong) is { } lng) return JsonSerializer.SerializeToElement(new { lat, lng });
            if (parts.Length != 2) wrong("Write a place as latitude,longitude.");
            return null;
        }
    }

    private sealed class AutoNumberType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["numberFormat", "startsAt"];
        public override bool CanBeRequired => false;
        public override bool IsWritable => false;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            wrong("This number is given by the system and cannot be written.");
            return null;
        }
    }

    private sealed class LookupType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["lookupTarget"];
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (Guid.TryParseExact(text, "D", out var id)) return Json(id.ToString());
            wrong("An id is expected here.");
            return null;
        }
    }
}

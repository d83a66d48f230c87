using System.Text;
using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>What a definition must look like before anything is asked of the values there are.</summary>
internal static class CustomFieldRules
{
    /// <summary>Fields in use per kind of record (LD4).</summary>
    public const int MostFields = 200;
    /// <summary>Fields with an index of their own: each costs every write of the record something.</summary>
    public const int MostIndexed = 25;
    /// <summary>The target of a look-up that every service knows.</summary>
    public const string User = "user";
    private const int MostOptions = 1_000, LongestOption = 255, LongestLabel = 80, LongestHelp = 1_000, LongestKey = 40;

    /// <summary>The definition with texts trimmed and what its type implies filled in; every broken rule is noted.</summary>
    public static CustomFieldInput Normalise(CustomFieldInput typed, CustomField? before, CustomFieldSet others, IReadOnlyList<string> lookupTargets, FieldErrors errors)
    {
        var input = typed with { Label = typed.Label?.Trim(), Help = string.IsNullOrWhiteSpace(typed.Help) ? null : typed.Help.Trim() };
        if (input.Label is not { Length: > 0 and <= LongestLabel }) errors.Add("label", $"1 to {LongestLabel} characters.");
        else if (others.Active.Any(f => f.Id != before?.Id && string.Equals(f.Label, input.Label, StringComparison.OrdinalIgnoreCase))) errors.Add("label", "There is a field with this label already.");
        if (input.Help?.Length > LongestHelp) errors.Add("help", $"At most {LongestHelp:N0} characters.");
        if (input.Type is not { } kind)
        {
            errors.Add("type", "Say what the field holds.");
            return input;
        }

        var type = CustomType.Of(kind);
        foreach (var (name, isSet) in Given(input))
            if (isSet && !type.Settings.Contains(name)) errors.Add(name, $"A field of type {Camel(kind)} has no such setting.");
        if (input.IsUnique && !type.CanBeUnique) errors.Add("isUnique", $"Values of type {Camel(kind)} cannot be unique.");
        if (input.IsRequired && !type.CanBeRequired) errors.Add("isRequired", "A number that the system gives is always there; nobody can be asked for it.");
        if (input.IsIndexed && !type.IsSortable) errors.Add("isIndexed", $"Values of type {Camel(kind)} have no order that an index could help.");
        if (input.IsIndexed && before?.IsIndexed != true && others.Active.Count(f => f.IsIndexed && f.Id != before?.Id) >= MostIndexed) errors.Add("isIndexed", $"At most {MostIndexed} fields can have an index.");
        CheckLimits(input, errors);
        return kind switch
        {
            CustomFieldType.PickList or CustomFieldType.MultiSelect => WithOptions(input, kind, errors),
            CustomFieldType.AutoNumber => WithFormat(input, before, errors),
            CustomFieldType.Lookup => WithTarget(input, before, lookupTargets, errors),
            CustomFieldType.Phone => WithCountry(input, errors),
            _ => input,
        };
    }

    /// <summary>The default as it is stored: a value like any other of the field.</summary>
    public static string? Default(CustomField defined, JsonElement? typed, string organisationCurrency, FieldErrors errors)
    {
        if (typed is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (defined.IsUnique) errors.Add("defaultValue", "A unique field has no default: the second record with it would be refused.");
        else if (defined.Type == CustomFieldType.Lookup) errors.Add("defaultValue", "A look-up has no default.");
        else if (CustomType.Of(defined.Type).Normalise(value, defined, organisationCurrency, message => errors.Add("defaultValue", message)) is { } normalised) return JsonSerializer.Serialize(normalised);
        return null;
    }

    /// <summary>The key that was asked for, or one made from the label.</summary>
    public static string Key(string? asked, string? label, CustomFieldSet others, FieldErrors errors)
    {
        var key = string.IsNullOrWhiteSpace(asked) ? FromLabel(label ?? "") : asked.Trim();
        if (!IsKey(key)) errors.Add("key", $"A key begins with a small letter and has up to {LongestKey} letters, digits and underscores of the English alphabet, such as customerRegion.");
        else if (others.All.FirstOrDefault(f => string.Equals(f.Key, key, StringComparison.OrdinalIgnoreCase)) is { } taken)
            errors.Add("key", taken.DeletedAt is null ? "There is a field with this key already." : "A deleted field has this key until its values are purged. Undelete it, or choose another key.");
        return key;
    }

    public static bool IsKey(string key) =>
        key.Length is > 0 and <= LongestKey && char.IsAsciiLetterLower(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static string Camel(CustomFieldType type) => JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    private static string FromLabel(string label)
    {
        var key = new StringBuilder();
        var upper = false;
        foreach (var c in label.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c)) key.Append(key.Length == 0 ? char.ToLowerInvariant(c) : upper ? char.ToUpperInvariant(c) : c);
            if (key.Length == LongestKey) break;
            if (char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark) upper = !char.IsAsciiLetterOrDigit(c);
        }
        return key.ToString();
    }

    private static IEnumerable<(string Name, bool IsSet)> Given(CustomFieldInput input) =>
    [
        ("minLength", input.MinLength is not null), ("maxLength", input.MaxLength is not null), ("decimals", input.Decimals is not null), ("min", input.Min is not null),
        ("max", input.Max is not null), ("earliest", input.Earliest is not null), ("latest", input.Latest is not null), ("options", input.Options is not null),
        ("isRestricted", input.IsRestricted is not null), ("lookupTarget", input.LookupTarget is not null), ("numberFormat", input.NumberFormat is not null),
        ("startsAt", input.StartsAt is not null), ("country", input.Country is not null),
    ];

    private static void CheckLimits(CustomFieldInput input, FieldErrors errors)
    {
        var longest = input.Type switch { CustomFieldType.Text => 255, CustomFieldType.RichText => 64_000, _ => 32_000 };
        if (input.MaxLength is { } most && (most < 1 || most > longest)) errors.Add("maxLength", $"1 to {longest:N0}.");
        if (input.MinLength < 0 || input.MinLength > (input.MaxLength ?? longest)) errors.Add("minLength", "0 up to the most characters.");
        var places = input.Type == CustomFieldType.Currency ? 4 : 8;
        if (input.Decimals < 0 || input.Decimals > places) errors.Add("decimals", $"0 to {places}.");
        if (input.Min > input.Max) errors.Add("min", "The smallest must not be above the largest.");
        if (input.Earliest > input.Latest) errors.Add("earliest", "The first day must not be after the last.");
    }

    private static CustomFieldInput WithOptions(CustomFieldInput input, CustomFieldType kind, FieldErrors errors)
    {
        var options = (input.Options ?? []).Select(o => o with { Value = o.Value.Trim(), Label = string.IsNullOrWhiteSpace(o.Label) ? null : o.Label.Trim() }).ToList();
        if (options.Count is 0 or > MostOptions) errors.Add("options", $"1 to {MostOptions:N0} options.");
        foreach (var (i, option) in options.Index())
        {
            if (option.Value.Length is 0 or > LongestOption) errors.Add($"options[{i}].value", $"1 to {LongestOption} characters.");
            if (option.Value.Contains(';', StringComparison.Ordinal)) errors.Add($"options[{i}].value", "A semicolon separates options in files; leave it out.");
            if (option.Label?.Length > LongestOption) errors.Add($"options[{i}].label", $"At most {LongestOption} characters.");
        }
        foreach (var twice in options.GroupBy(o => o.Value, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) errors.Add("options", $"“{twice.Key}” is there twice.");
        return input with { Options = options, IsRestricted = kind == CustomFieldType.PickList ? input.IsRestricted ?? true : null };
    }

    private static CustomFieldInput WithFormat(CustomFieldInput input, CustomField? before, FieldErrors errors)
    {
        var format = string.IsNullOrWhiteSpace(input.NumberFormat) ? "{0000}" : input.NumberFormat.Trim();
        if (format.Length > 40 || CustomNumbers.Place(format) is null) errors.Add("numberFormat", "Write where the number goes as zeros in braces, once, such as INV-{0000}.");
        if (input.StartsAt < 0) errors.Add("startsAt", "0 or more.");
        if (before?.Type == CustomFieldType.AutoNumber && input.StartsAt != before.Settings.StartsAt) errors.Add("startsAt", "Numbers have been given already; where they began cannot be changed.");
        return input with { NumberFormat = format, StartsAt = input.StartsAt ?? 1 };
    }

    private static CustomFieldInput WithTarget(CustomFieldInput input, CustomField? before, IReadOnlyList<string> targets, FieldErrors errors)
    {
        if (input.LookupTarget != User && !targets.Contains(input.LookupTarget ?? "")) errors.Add("lookupTarget", $"One of {string.Join(", ", targets.Append(User))}.");
        if (before?.Type == CustomFieldType.Lookup && input.LookupTarget != before.Settings.LookupTarget) errors.Add("lookupTarget", "Values point to records of this kind; it cannot be changed.");
        return input;
    }

    private static CustomFieldInput WithCountry(CustomFieldInput input, FieldErrors errors)
    {
        if (input.Country is null) return input;
        if (Countries.Find(input.Country) is not { } country)
        {
            errors.Add("country", "Use a country's name or its ISO 3166 code.");
            return input;
        }
        return input with { Country = country.Code };
    }
}

using System.Text.RegularExpressions;

namespace LeadCrm.ServiceDefaults.Values;

/// <summary>
/// Brings phone numbers to E.164 where that is certain: from an international prefix, or from the country of the address. What cannot be
/// placed stays as typed, for a wrong guess would ring at a stranger's.
/// </summary>
public static partial class Phones
{
    /// <summary>
    /// The number in E.164, with <c> x123</c> behind it when it has an extension; the number as typed when its country is not known; null
    /// when it is no phone number at all.
    /// </summary>
    public static string? Normalise(string typed, Country? country)
    {
        var text = typed.Trim();
        var extension = Extension().Match(text);
        var number = extension.Success ? text[..extension.Index] : text;
        var suffix = extension.Success ? " x" + extension.Groups["digits"].Value : "";
        if (!Allowed().IsMatch(number)) return null;

        var digits = new string(number.Where(char.IsAsciiDigit).ToArray());
        if (number.TrimStart(' ', '(').StartsWith('+'))
        {
            // "+44 (0)20 …": the trunk zero in brackets is for callers inside the country.
            if (number.Contains("(0)", StringComparison.Ordinal)) digits = new string(number.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit).ToArray());
            return IsInternational(digits) ? "+" + digits + suffix : null;
        }

        if (digits.Length is < 3 or > 18) return null;
        if (digits.StartsWith("00", StringComparison.Ordinal) && IsInternational(digits[2..])) return "+" + digits[2..] + suffix;
        if (country is { CallingCode: "1" } && digits.StartsWith("011", StringComparison.Ordinal) && IsInternational(digits[3..])) return "+" + digits[3..] + suffix;
        if (country is not null && National(digits, country) is { } national && IsInternational(country.CallingCode + national))
            return "+" + country.CallingCode + national + suffix;
        return text;
    }

    /// <summary>The number without the trunk prefix that only callers inside the country dial.</summary>
    private static string? National(string digits, Country country) => country switch
    {
        { CallingCode: "1" } => digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits,
        { TrunkPrefix: "" } => digits,
        // Numbers there also begin with 8: it is the trunk prefix only where the number would be too long otherwise.
        { TrunkPrefix: "8" } => digits.Length == (country.CallingCode == "7" ? 11 : 9) && digits[0] == '8' ? digits[1..] : digits,
        { TrunkPrefix: "80" } => digits.Length == 11 && digits.StartsWith("80", StringComparison.Ordinal) ? digits[2..] : digits,
        _ => digits.StartsWith(country.TrunkPrefix, StringComparison.Ordinal) ? digits[country.TrunkPrefix.Length..] : digits,
    };

    /// <summary>A known calling code and no more than E.164's fifteen digits; North American numbers have exactly ten behind the 1.</summary>
    private static bool IsInternational(string digits)
    {
        if (digits.Length is < 6 or > 15 || digits[0] == '0') return false;
        if (digits[0] == '1') return digits.Length == 11 && digits[1] is not ('0' or '1');
        return Countries.CallingCodes.Contains(digits[..1]) || Countries.CallingCodes.Contains(digits[..2]) || Countries.CallingCodes.Contains(digits[..3]);
    }

    [GeneratedRegex(@"\s*(?:x|ext\.?|extension|#|;\s*ext=)\s*(?<digits>[0-9]{1,10})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extension();

    [GeneratedRegex(@"^[\s(]*\+?[0-9()\s./\-\u00A0\u2010-\u2013]*[0-9][0-9()\s./\-\u00A0\u2010-\u2013]*\z", RegexOptions.None, 1000)]
    private static partial Regex Allowed();
}

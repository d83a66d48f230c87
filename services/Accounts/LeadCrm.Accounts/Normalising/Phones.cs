using System.Text;

namespace LeadCrm.Accounts.Normalising;

/// <summary>Phone numbers in E.164, as well as it goes without a numbering plan of every country.</summary>
internal static class Phones
{
    private const int LongestE164 = 15;
    private static readonly HashSet<string> KeepLeadingZero = ["IT", "SM", "VA", "CI", "GA", "CG"];

    /// <summary>The number with + and country code; null when that cannot be said safely.</summary>
    public static string? E164(string text, string? country)
    {
        if (Digits(text) is not { } digits) return null;
        if (text.TrimStart().StartsWith('+')) return International(digits);
        if (digits.StartsWith("00", StringComparison.Ordinal)) return International(digits[2..]);
        if (Countries.CallingCodeOf(country) is not { } code) return null;

        var national = WithoutTrunkPrefix(digits, code, country!);
        if (code == "1" && national.Length != 10) return null;
        return national.Length < 4 || code.Length + national.Length > LongestE164 ? null : $"+{code}{national}";
    }

    private static string? International(string digits) => digits.Length is >= 7 and <= LongestE164 && digits[0] != '0' ? "+" + digits : null;

    /// <summary>The digits, when the text is nothing but digits and what people put between them; an extension or a word is not.</summary>
    private static string? Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        // "+49 (0)30 …": the zero in brackets is dialled only inside the country.
        foreach (var letter in text.TrimStart().StartsWith('+') ? text.Replace("(0)", "", StringComparison.Ordinal) : text)
        {
            if (char.IsAsciiDigit(letter)) digits.Append(letter);
            else if (letter == '+' ? digits.Length > 0 : " -./()\u00a0\u2011\u2013\t".IndexOf(letter, StringComparison.Ordinal) < 0) return null;
        }
        return digits.Length > 0 ? digits.ToString() : null;
    }

    private static string WithoutTrunkPrefix(string digits, string code, string country) => code switch
    {
        "1" => digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits,
        "7" => digits.Length == 11 && digits[0] == '8' ? digits[1..] : digits,
        "36" => digits.StartsWith("06", StringComparison.Ordinal) ? digits[2..] : digits,
        _ when KeepLeadingZero.Contains(country) => digits,
        _ => digits[0] == '0' ? digits[1..] : digits,
    };
}

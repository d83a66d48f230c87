namespace LeadCrm.ServiceDefaults.Values;

/// <summary>
/// Which e-mail addresses can be mailed: RFC 5321's dot-atoms with international letters. Comments, folding white space, quoted local
/// parts and address literals are legal on paper, but in a CRM they are mistakes or attacks.
/// </summary>
public static class EmailAddresses
{
    /// <summary>The address in lower case; null when it is none.</summary>
    public static string? Normalise(string typed)
    {
        var address = typed.Trim(' ', '\t', '\u00A0');
        var at = address.LastIndexOf('@');
        if (at is < 1 or > 64 || address.Length > 254) return null;
        return IsLocalPart(address.AsSpan(0, at)) && IsDomain(address.AsSpan(at + 1)) ? address.ToLowerInvariant() : null;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        var previous = '.';
        foreach (var c in local)
        {
            if (c == '.' ? previous == '.' : !IsAtom(c)) return false;
            previous = c;
        }
        return previous != '.';
    }

    private static bool IsAtom(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal) || IsInternational(c);

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || domain.Length > 253) return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.IsEmpty || label.Length > 63 || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
                if (!char.IsAsciiLetterOrDigit(c) && c != '-' && !IsInternational(c)) return false;
        }
        return true;
    }

    private static bool IsInternational(char c) => c >= 0xA1 && !char.IsControl(c) && !char.IsWhiteSpace(c);
}

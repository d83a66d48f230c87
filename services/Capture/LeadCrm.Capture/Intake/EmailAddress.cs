namespace LeadCrm.Capture.Intake;

/// <summary>Whether a text can be an e-mail address (WL2), so that a person can correct it at once. Leads decides in the end.</summary>
internal static class EmailAddress
{
    private const string NotInside = "\"(),:;<>[]\\@";

    public static bool IsOne(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && text.Length <= 254 && IsDotted(text.AsSpan(0, at)) && IsDomain(text.AsSpan(at + 1));
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (!IsDotted(domain)) return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length > 63 || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
                if (!char.IsAsciiLetterOrDigit(c) && c != '-' && char.IsAscii(c)) return false;
        }
        return true;
    }

    /// <summary>Something between all dots, and nothing that belongs nowhere.</summary>
    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        var previous = '.';
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || NotInside.Contains(c, StringComparison.Ordinal) || (c == '.' && previous == '.')) return false;
            previous = c;
        }
        return previous != '.';
    }
}

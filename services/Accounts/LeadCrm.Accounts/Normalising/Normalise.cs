using System.Buffers;
using System.Globalization;
using LeadCrm.Accounts.Contracts;

namespace LeadCrm.Accounts.Normalising;

/// <summary>Notes what is wrong with a field (camelCase).</summary>
internal delegate void Report(string field, string message);

/// <summary>Brings typed values into the one form that is stored; what cannot be right is reported, never cut or guessed.</summary>
internal static class Normalise
{
    private static readonly SearchValues<char> NotInEmail = SearchValues.Create(" \t\r\n\"(),:;<>[]\\");

    /// <summary>Trims; empty is null; too long is reported, not cut.</summary>
    public static string? Text(string? value, string field, int longest, Report report)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Contains('\0', StringComparison.Ordinal)) report(field, "Must not contain the NUL character.");
        if (text.Length > longest) report(field, string.Create(CultureInfo.InvariantCulture, $"Takes at most {longest} characters; this has {text.Length}."));
        return text;
    }

    /// <summary>Lower case, one @, a domain of at least two labels.</summary>
    public static string? Email(string? value, string field, Report report)
    {
        var text = Text(value, field, 254, report)?.ToLowerInvariant();
        if (text is not null && !IsEmail(text)) report(field, $"'{text}' is not an e-mail address; write name@example.com.");
        return text;
    }

    /// <summary>With scheme; http and https only.</summary>
    public static string? Website(string? value, string field, Report report)
    {
        var text = Text(value, field, 2_000, report);
        if (text is null) return null;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        var isWeb = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri!.Host.Contains('.', StringComparison.Ordinal);
        if (!isWeb) report(field, $"'{value!.Trim()}' is not a web address; write https://example.com.");
        return text;
    }

    /// <summary>ISO 3166-1 alpha-2 from codes and names.</summary>
    public static string? Country(string? value, string field, Report report)
    {
        var text = Text(value, field, 100, report);
        if (text is null) return null;
        var code = Countries.CodeOf(text);
        if (code is null) report(field, $"'{text}' is not a country that is known here; write an ISO code such as DE or an English name.");
        return code ?? text;
    }

    /// <summary>An address with its country as a code; null when all of it is empty.</summary>
    public static PostalAddress? Address(PostalAddress? value, string field, Report report)
    {
        if (value is null) return null;
        var address = new PostalAddress
        {
            Street = Text(value.Street, field + ".street", 1_000, report),
            City = Text(value.City, field + ".city", 200, report),
            State = Text(value.State, field + ".state", 200, report),
            PostalCode = Text(value.PostalCode, field + ".postalCode", 40, report),
            Country = Country(value.Country, field + ".country", report),
        };
        return address == new PostalAddress() ? null : address;
    }

    /// <summary>E.164 where the number and its country allow it, as typed otherwise (an extension, a local number without country).</summary>
    public static string? Phone(string? value, string? country, string field, Report report)
    {
        var text = Text(value, field, 60, report);
        return text is null ? null : Phones.E164(text, country) ?? text;
    }

    /// <summary>ISO 4217: three letters.</summary>
    public static string? Currency(string? value, string field, Report report)
    {
        var text = Text(value, field, 3, report)?.ToUpperInvariant();
        if (text is not null && (text.Length != 3 || !text.All(char.IsAsciiLetterUpper))) report(field, $"'{text}' is not an ISO 4217 code such as EUR.");
        return text;
    }

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64 || at != text.IndexOf('@', StringComparison.Ordinal)) return false;
        var local = text.AsSpan(0, at);
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal) || local.ContainsAny(NotInEmail)) return false;
        var labels = text[(at + 1)..].Split('.');
        return labels.Length >= 2 && labels[^1].Length >= 2 && !labels[^1].All(char.IsAsciiDigit) && Array.TrueForAll(labels, IsLabel);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsLetterOrDigit(c) || c == '-');
}

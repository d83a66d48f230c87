using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Forms;

/// <summary>Addresses of other sites that a form trusts: https, or http on this very machine.</summary>
internal static class PublicUrls
{
    private const int Most = 50;
    private const int Longest = 2_000;

    /// <summary>The address in its normal form; what is none is reported.</summary>
    public static string? Address(string typed, string field, FieldErrors errors)
    {
        if (Parse(typed) is { } url) return url.AbsoluteUri;
        errors.Add(field, "Takes a whole address that begins with https://.");
        return null;
    }

    /// <summary>The origin (scheme, host and port); a path or anything else behind it is reported.</summary>
    public static string? Origin(string typed, string field, FieldErrors errors)
    {
        if (Parse(typed) is { PathAndQuery: "/", Fragment: "" } url) return url.GetLeftPart(UriPartial.Authority);
        errors.Add(field, "Takes the beginning of an address alone, such as https://www.example.com.");
        return null;
    }

    /// <summary>The same for each of a list.</summary>
    public static IReadOnlyList<string> List(IReadOnlyList<string>? typed, string field, Func<string, string, FieldErrors, string?> read, FieldErrors errors)
    {
        if (typed is null) return [];
        if (typed.Count > Most) errors.Add(field, $"At most {Most} addresses.");
        return [.. typed.Take(Most).Index().Select(a => read(a.Item ?? "", $"{field}[{a.Index}]", errors)).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The address in its normal form, for comparing; null when it is none.</summary>
    public static string? Normal(string typed) => Parse(typed)?.AbsoluteUri;

    /// <summary>The origin of an address in its normal form.</summary>
    public static string OriginOf(string address) => new Uri(address).GetLeftPart(UriPartial.Authority);

    private static Uri? Parse(string typed)
    {
        var text = typed.Trim();
        // A wildcard, quote, semicolon or space would say something else in a header than it says here.
        if (text.Length is 0 or > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '\'' or ';' or ',' or '*' or '\\')) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Host.Length == 0) return null;
        return url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback) ? url : null;
    }
}

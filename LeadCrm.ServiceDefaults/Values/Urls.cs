namespace LeadCrm.ServiceDefaults.Values;

/// <summary>Web addresses with their scheme: people type <c>example.com</c> and mean <c>https://example.com</c>.</summary>
public static class Urls
{
    /// <summary>The address with a scheme; null when it is no http(s) address.</summary>
    public static string? Normalise(string typed)
    {
        var text = typed.Trim();
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return null;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) text = "https://" + text;
        else if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return null;
        else text = text[..scheme].ToLowerInvariant() + text[scheme..];

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.HostNameType == UriHostNameType.Dns
            && url.Host.Contains('.', StringComparison.Ordinal) && !url.Host.EndsWith('.') ? text : null;
    }
}

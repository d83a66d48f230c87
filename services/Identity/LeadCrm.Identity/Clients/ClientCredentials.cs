using System.Text;

namespace LeadCrm.Identity.Clients;

/// <summary>Id and secret of a client as a token request carries them: in the Authorization header or in the form, not in both (RFC 6749, 2.3.1).</summary>
internal sealed record ClientCredentials(string Id, string Secret)
{
    private const string Scheme = "Basic ";
    private const int LongestHeader = 1_000;

    /// <summary>What the request shows; null when it shows nothing that could be read.</summary>
    /// <exception cref="OAuthException">It shows credentials in both places.</exception>
    public static ClientCredentials? Of(HttpRequest request, IFormCollection form)
    {
        var inForm = form.ContainsKey("client_secret");
        if (request.Headers.Authorization.Count == 0) return inForm ? new(form["client_id"].ToString(), form["client_secret"].ToString()) : null;
        if (inForm) throw OAuthException.Request("Send the client's credentials in the Authorization header or in the form, not in both.");
        return Basic(request.Headers.Authorization.ToString());
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"credentials of {Id}";

    private static ClientCredentials? Basic(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > LongestHeader) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(Decode(text[..colon]), Decode(text[(colon + 1)..]));
    }

    // Both parts are form-encoded before they are put together: the standard says so, and some clients do.
    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}

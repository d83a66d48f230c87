using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>Headers of what the public sees. The gateway leaves the content security policy of these pages as it is here.</summary>
internal static class PublicHeaders
{
    /// <summary>A page of a form: no script at all, styles from here, framed only by whom the form's list names.</summary>
    public static void Page(HttpContext http, WebForm? form, bool isFrame)
    {
        var headers = http.Response.Headers;
        // Browsers hold the address that a form's answer leads on to against form-action, too.
        var targets = form is null ? "" : string.Concat(((IEnumerable<string?>)[form.ReturnUrl, .. form.ReturnUrls]).OfType<string>().Select(PublicUrls.OriginOf).Distinct(StringComparer.Ordinal).Select(o => " " + o));
        var ancestors = isFrame && form is { FrameAncestors.Count: > 0 } ? string.Join(' ', form.FrameAncestors) : "'none'";
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; form-action 'self'{targets}; base-uri 'none'; frame-ancestors {ancestors}";
        if (!isFrame) headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    /// <summary>Any site may send, and read the answer: nobody's session or cookie goes along.</summary>
    public static void AllowAnyOrigin(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";
}

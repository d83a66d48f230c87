using LeadCrm.Gateway.Pages;
using LeadCrm.Gateway.Proxy;
using Microsoft.Net.Http.Headers;

namespace LeadCrm.Gateway.Security;

/// <summary>
/// Headers that every answer carries, also the ones that come from a service or go wrong. A page may load scripts, styles, pictures and
/// data from this origin only; nothing may frame it. A form that the public fills says itself which sites may show it in a frame.
/// </summary>
internal static class SecurityHeaders
{
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";

    private const string ForPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // The reference is drawn by Scalar, which writes style elements and attributes at run time. Its scripts need no exception.
    private const string ForReference =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            Write((HttpContext)state);
            return Task.CompletedTask;
        }, http);
        return next(http);
    }

    internal static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        var isPage = headers.ContentType is [{ } type] && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) && !IsApi(http);
        var speaksForItself = PublicForms.Has(http) && !Microsoft.Extensions.Primitives.StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy);
        if (!speaksForItself) headers.ContentSecurityPolicy = isPage ? ForPage(http) : ForData;
        headers.XContentTypeOptions = "nosniff";
        if (!speaksForItself) headers.XFrameOptions = "DENY";   // it cannot say what frame-ancestors says
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        // Records are for whoever asked, not for a cache on the way or the next person at this browser.
        if (IsApi(http) && !headers.ContainsKey(HeaderNames.CacheControl)) headers.CacheControl = "no-store";
    }

    // The web client's components write style elements at run time: those that carry the page's own number are taken.
    private static string ForPage(HttpContext http) =>
        http.Features.Get<StyleNonce>() is { Value: var nonce } ? ForPages.Replace("style-src 'self'", $"style-src 'self' 'nonce-{nonce}'", StringComparison.Ordinal)
        : http.Request.Path.StartsWithSegments("/reference", StringComparison.OrdinalIgnoreCase) ? ForReference : ForPages;

    private static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}

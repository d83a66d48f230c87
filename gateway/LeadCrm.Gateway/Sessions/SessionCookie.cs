using System.Net;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// The session cookie: <c>__Host-leadcrm</c>, Secure, HttpOnly. The one exception is plain HTTP on this very machine (host name and
/// peer are both loopback), where development tools such as curl would not send a Secure cookie back: there it has no prefix and no
/// Secure flag, and carries the port in its name because cookies do not tell ports apart and two instances may run side by side.
/// </summary>
internal static class SessionCookie
{
    public const string SecureName = "__Host-leadcrm";

    public static string NameFor(HttpContext http) => IsLocalPlainHttp(http) ? LocalName(http.Request.Host.Port ?? 80) : SecureName;

    public static string LocalName(int port) => $"leadcrm-{port}";

    public static SessionSecret? Read(HttpContext http) =>
        http.Request.Headers.Cookie.Count == 0 ? null : SessionSecret.Parse(http.Request.Cookies[NameFor(http)]);

    public static void Write(HttpContext http, SessionSecret secret, TimeSpan lifetime) =>
        http.Response.Cookies.Append(NameFor(http), secret.Text, Options(http, lifetime));

    public static void Delete(HttpContext http) => http.Response.Cookies.Append(NameFor(http), "", Options(http, TimeSpan.Zero));

    // Lax, not Strict: a link in an e-mail may open a record or a download. Reading changes nothing, and writes demand the
    // anti-forgery header that no other site can send.
    private static CookieOptions Options(HttpContext http, TimeSpan lifetime) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = !IsLocalPlainHttp(http), Path = "/", MaxAge = lifetime, IsEssential = true,
    };

    private static bool IsLocalPlainHttp(HttpContext http) =>
        !http.Request.IsHttps && IsLoopbackHost(http.Request.Host.Host) && http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer);

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

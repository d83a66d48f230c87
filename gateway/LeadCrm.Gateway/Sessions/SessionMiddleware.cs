using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Finds the session of a request to <c>/api</c>. A request with a bearer token of its own goes on without its cookie being looked at.
/// With a session, anything but GET and HEAD must carry the anti-forgery token: another site can make a browser send the cookie, but
/// can neither read that token nor set the header.
/// </summary>
internal sealed class SessionMiddleware(RequestDelegate next, LiveSessions sessions)
{
    public const string AntiForgeryHeader = "X-CSRF-Token";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !HasBearer(http) && !IsSignIn(http) && SessionCookie.Read(http) is { } secret)
        {
            var session = await sessions.Find(secret.Id, http.RequestAborted);
            if (session is null)
            {
                SessionCookie.Delete(http);
                await NotSignedIn("The session is over. Sign in again.").ExecuteAsync(http);
                return;
            }
            if (IsWrite(http) && !secret.Accepts(http.Request.Headers[AntiForgeryHeader]))
            {
                await Problems.Of(403, "anti-forgery", "Anti-forgery token missing or wrong",
                    $"With a session, every change needs the header {AntiForgeryHeader} with the value that GET /api/session gives.").ExecuteAsync(http);
                return;
            }
            http.Features.Set(new SignedIn(secret, session));
        }
        await next(http);
    }

    public static IResult NotSignedIn(string detail) => Problems.Of(401, "not-signed-in", "Not signed in", detail);

    public static bool HasBearer(HttpContext http) => http.Request.Headers.Authorization is [{ } only] && only.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    private static bool IsWrite(HttpContext http) => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

    // Signing in uses nothing of a session that may be there; it has its own guard against other sites.
    private static bool IsSignIn(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.Path.Equals("/api/session", StringComparison.OrdinalIgnoreCase);
}

using LeadCrm.Gateway.Bearers;
using LeadCrm.Gateway.RateLimits;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Finds out whose request to <c>/api</c> it is. One with a bearer token of its own goes on without its cookie being looked at: a personal token is
/// exchanged for what services know, an access token is refused when what it was given for was ended, and whatever else the services decide. With a
/// session, anything but GET and HEAD must carry the anti-forgery token: another site can make a browser send the cookie, but can neither read
/// that token nor set the header.
/// </summary>
internal sealed class SessionMiddleware(RequestDelegate next, LiveSessions sessions, PersonalTokens personalTokens, BearerHolders bearers, EndedSessions ended)
{
    public const string AntiForgeryHeader = "X-CSRF-Token";

    public async Task InvokeAsync(HttpContext http)
    {
        var refusal = !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || IsSignIn(http) ? null
            : BearerToken(http) is { } token ? await Bearer(http, token)
            : SessionCookie.Read(http) is { } secret ? await Session(http, secret)
            : null;
        if (refusal is null) await next(http);
        else await refusal.ExecuteAsync(http);
    }

    public static IResult NotSignedIn(string detail) => Problems.Of(401, "not-signed-in", "Not signed in", detail);

    public static bool HasBearer(HttpContext http) => http.Request.Headers.Authorization is [{ } only] && only.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    /// <summary>The bearer token that the client sent, of whatever kind.</summary>
    public static string? BearerToken(HttpContext http) => HasBearer(http) ? http.Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim() : null;

    /// <summary>Signing in uses nothing of a session that may be there; it has its own guard against other sites.</summary>
    public static bool IsSignIn(HttpContext http) => HttpMethods.IsPost(http.Request.Method)
        && (http.Request.Path.Equals("/api/session", StringComparison.OrdinalIgnoreCase) || http.Request.Path.Equals(SessionEndpoints.SecondStep, StringComparison.OrdinalIgnoreCase));

    private static bool IsWrite(HttpContext http) => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

    private async Task<IResult?> Bearer(HttpContext http, string token)
    {
        if (token.StartsWith(PersonalTokens.Prefix, StringComparison.Ordinal))
        {
            if (await personalTokens.Exchange(token, http.RequestAborted) is not { } access) return NotSignedIn("This personal access token is wrong, was revoked or has run out, or its user may not sign in.");
            http.Features.Set(new BearerCaller(Holder.Client(access.ClientId ?? access.UserId.ToString()), access.Authorization));
            return null;
        }
        if (await bearers.Find(http) is not { } known) return null;   // not Identity's: the service says so, and it counts for its address
        if (known.SessionId is { } session && ended.Contains(session)) return NotSignedIn("What this token was given for was ended. Sign in again, or ask for a new token.");
        http.Features.Set(new BearerCaller(known.Holder, Authorization: null));
        return null;
    }

    private async Task<IResult?> Session(HttpContext http, SessionSecret secret)
    {
        var session = await sessions.Find(secret.Id, http.RequestAborted);
        if (session is null)
        {
            SessionCookie.Delete(http);
            return NotSignedIn("The session is over. Sign in again.");
        }
        if (IsWrite(http) && !secret.Accepts(http.Request.Headers[AntiForgeryHeader]))
            return Problems.Of(403, "anti-forgery", "Anti-forgery token missing or wrong",
                $"With a session, every change needs the header {AntiForgeryHeader} with the value that GET /api/session gives.");
        http.Features.Set(new SignedIn(secret, session));
        return null;
    }
}

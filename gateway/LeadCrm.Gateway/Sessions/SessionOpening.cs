using System.Globalization;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Sessions;

/// <summary>What both steps of a sign-in have in common: the guard before, and the cookie after.</summary>
internal sealed class SessionOpening(LiveSessions sessions, SignInLimiter limiter, IOptions<SessionOptions> options, TimeProvider clock)
{
    /// <summary>Asks Identity, unless there were too many failures from the address; then opens the session.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="account">What failures are counted for, beside the address.</param>
    /// <param name="ask">Asks Identity, from the address.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> Run(HttpContext http, string account, Func<string, Task<SignInAnswer>> ask, CancellationToken ct)
    {
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (limiter.TryBegin(address, account) is { } wait) return TooMany(http, wait);

        SignInAnswer answer;
        try
        {
            answer = await ask(address);
        }
        catch
        {
            limiter.TakeBack(address, account);   // not the user's fault
            throw;
        }
        if (answer.Token is not { } token)
        {
            if (answer.WantsCode) limiter.TakeBack(address, account);   // half-way is no failure
            return TypedResults.Problem(answer.Refusal!);
        }
        limiter.TakeBack(address, account);

        if (SessionCookie.Read(http) is { } before && await sessions.Find(before.Id, ct) is { } session) await sessions.End(before.Id, session, ct);
        var secret = await sessions.Open(answer.SessionId, token, ct);
        SessionCookie.Write(http, secret, options.Value.AbsoluteLifetime);
        var opened = new Session { IdentitySessionId = answer.SessionId, Token = token, EndsAt = clock.GetUtcNow() + options.Value.AbsoluteLifetime };
        return TypedResults.Ok(SessionResponse.From(new SignedIn(secret, opened)));
    }

    /// <summary>Keeps another site from signing a visitor in under an account of its choosing. Clients that are no browsers send no such header.</summary>
    public static bool ComesFromAnotherSite(HttpContext http) => http.Request.Headers["Sec-Fetch-Site"] is [{ } site] && site is "cross-site" or "same-site";

    private static ProblemHttpResult TooMany(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429, "too-many-sign-ins", "Too many failed sign-ins", "There were too many failed sign-ins from your address. Wait a moment, then try again.");
    }
}

using System.Globalization;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadCrm.Gateway.Sessions;

/// <summary>Signs a browser in: Identity checks the password, the gateway keeps the session and gives the browser a cookie.</summary>
internal static class SignIn
{
    /// <summary>Whom to sign in.</summary>
    /// <param name="Email">The account's e-mail address.</param>
    /// <param name="Password">Its password.</param>
    internal sealed record SignInRequest(string Email, string Password)
    {
        /// <summary>Never the password.</summary>
        public override string ToString() => "sign-in";
    }

    internal static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> Handle(
        SignInRequest request, HttpContext http, IdentityClient identity, LiveSessions sessions, SignInLimiter limiter, IOptions<SessionOptions> options,
        TimeProvider clock, CancellationToken ct)
    {
        if (ComesFromAnotherSite(http)) return Problems.Forbidden("Sign in from this site's own pages.");

        FieldErrors errors = new();
        if (string.IsNullOrWhiteSpace(request.Email)) errors.Add("email", "Enter the e-mail address of your account.");
        if (string.IsNullOrEmpty(request.Password)) errors.Add("password", "Enter your password.");
        errors.ThrowIfAny();

        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (limiter.TryBegin(address, request.Email) is { } wait) return TooMany(http, wait);

        SignInAnswer answer;
        try
        {
            answer = await identity.SignIn(request.Email, request.Password, http.Request.Headers.UserAgent, address, ct);
        }
        catch
        {
            limiter.TakeBack(address, request.Email);   // not the user's fault
            throw;
        }
        if (answer.Token is not { } token) return TypedResults.Problem(answer.Refusal!);
        limiter.TakeBack(address, request.Email);

        await EndWhatWasBefore(http, sessions, ct);
        var secret = await sessions.Open(answer.SessionId, token, ct);
        SessionCookie.Write(http, secret, options.Value.AbsoluteLifetime);
        var session = new Session { IdentitySessionId = answer.SessionId, Token = token, EndsAt = clock.GetUtcNow() + options.Value.AbsoluteLifetime };
        return TypedResults.Ok(SessionResponse.From(new SignedIn(secret, session)));
    }

    /// <summary>Keeps another site from signing a visitor in under an account of its choosing. Clients that are no browsers send no such header.</summary>
    private static bool ComesFromAnotherSite(HttpContext http) => http.Request.Headers["Sec-Fetch-Site"] is [{ } site] && site is "cross-site" or "same-site";

    private static async Task EndWhatWasBefore(HttpContext http, LiveSessions sessions, CancellationToken ct)
    {
        if (SessionCookie.Read(http) is { } before && await sessions.Find(before.Id, ct) is { } session) await sessions.End(before.Id, session, ct);
    }

    private static ProblemHttpResult TooMany(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429, "too-many-sign-ins", "Too many failed sign-ins", "There were too many failed sign-ins from your address. Wait a moment, then try again.");
    }
}

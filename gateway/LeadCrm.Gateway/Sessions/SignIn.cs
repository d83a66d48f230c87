using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Gateway.Sessions;

/// <summary>
/// Signs a browser in: Identity checks the password, the gateway keeps the session and gives the browser a cookie. Who has a second factor gets
/// a 401 <c>second-factor-required</c> with a challenge instead, and no session.
/// </summary>
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
        SignInRequest request, HttpContext http, IdentityClient identity, SessionOpening opening, CancellationToken ct)
    {
        if (SessionOpening.ComesFromAnotherSite(http)) return Problems.Forbidden("Sign in from this site's own pages.");

        FieldErrors errors = new();
        if (string.IsNullOrWhiteSpace(request.Email)) errors.Add("email", "Enter the e-mail address of your account.");
        if (string.IsNullOrEmpty(request.Password)) errors.Add("password", "Enter your password.");
        errors.ThrowIfAny();
        return await opening.Run(http, request.Email, address => identity.SignIn(request.Email, request.Password, http.Request.Headers.UserAgent, address, ct), ct);
    }
}

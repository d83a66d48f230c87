using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Gateway.Sessions;

/// <summary>The second step of signing in, for those who have a second factor.</summary>
internal static class SignInWithCode
{
    /// <summary>The code, and what it belongs to.</summary>
    /// <param name="Challenge">From the problem that the first step answered.</param>
    /// <param name="Code">Six digits from the authenticator app, or a recovery code.</param>
    internal sealed record CodeRequest(string Challenge, string Code)
    {
        /// <summary>Neither challenge nor code.</summary>
        public override string ToString() => "second step of a sign-in";
    }

    internal static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> Handle(
        CodeRequest request, HttpContext http, IdentityClient identity, SessionOpening opening, CancellationToken ct)
    {
        if (SessionOpening.ComesFromAnotherSite(http)) return Problems.Forbidden("Sign in from this site's own pages.");

        FieldErrors errors = new();
        if (string.IsNullOrWhiteSpace(request.Challenge)) errors.Add("challenge", "Sign in with e-mail address and password first.");
        if (string.IsNullOrWhiteSpace(request.Code)) errors.Add("code", "Enter the code from your authenticator app, or a recovery code.");
        errors.ThrowIfAny();
        return await opening.Run(http, request.Challenge, address => identity.SignInWithCode(request.Challenge, request.Code, http.Request.Headers.UserAgent, address, ct), ct);
    }
}

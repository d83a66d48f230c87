using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Gateway.Sessions;

/// <summary>Signs a browser out.</summary>
internal static class SignOut
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(HttpContext http, LiveSessions sessions, CancellationToken ct)
    {
        if (SignedIn.Of(http) is not { } signedIn) return WhoAmI.NobodySignedIn();

        // Not given up half-way because the page that asked was closed.
        await sessions.End(signedIn.Secret.Id, signedIn.Session, CancellationToken.None);
        SessionCookie.Delete(http);
        return TypedResults.NoContent();
    }
}

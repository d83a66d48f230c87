using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Gateway.Sessions;

/// <summary>Tells a page who is signed in and which anti-forgery token its writes need.</summary>
internal static class WhoAmI
{
    internal static Results<Ok<SessionResponse>, ProblemHttpResult> Handle(HttpContext http) =>
        SignedIn.Of(http) is { } signedIn ? TypedResults.Ok(SessionResponse.From(signedIn)) : NobodySignedIn();

    internal static ProblemHttpResult NobodySignedIn() => Problems.Of(401, "not-signed-in", "Not signed in", "Nobody is signed in here.");
}

/// <summary>The signed-in user.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Name">Full name.</param>
/// <param name="Permissions">Names of all permissions, such as <c>leads.convert</c>.</param>
/// <param name="MustSetUpSecondFactor">True: the organisation wants a second factor of this user; nothing else is open before it is set up.</param>
/// <param name="AntiForgeryToken">Send it as <c>X-CSRF-Token</c> with everything but GET and HEAD.</param>
/// <param name="EndsAt">When the session ends at the latest, however much it is used (UTC).</param>
internal sealed record SessionResponse(Guid UserId, string Name, IReadOnlyList<string> Permissions, bool MustSetUpSecondFactor, string AntiForgeryToken, DateTimeOffset EndsAt)
{
    public static SessionResponse From(SignedIn signedIn)
    {
        var token = signedIn.Session.Token;
        return new(token.UserId, token.Name, token.Permissions, token.MustSetUpSecondFactor, signedIn.Secret.AntiForgeryToken, signedIn.Session.EndsAt);
    }
}

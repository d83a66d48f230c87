using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Sessions;

/// <summary>Sign-in for the gateway, which holds the browser's side of a session; and the lists of sessions for users and administrators.</summary>
internal static class SessionEndpoints
{
    private const string EndedOnce = "a session is ended once; it has no version.";

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/internal/sessions").WithTags("Internal").RequireInternal();
        sessions.MapPost("/", SignIn.Handle).WithSummary("Sign in: start a session and get its first token");
        sessions.MapPost("/second-factor", SignInWithCode.Handle).WithSummary("The second step of a sign-in: the code");
        sessions.MapPost("/{id:guid}/tokens", IssueToken.Handle).WithSummary("A fresh token for a session");
        sessions.MapDelete("/{id:guid}", SignOut.Handle).WithSummary("Sign out: end a session");
        app.MapGroup("/internal/revocations").WithTags("Internal").RequireInternal()
            .MapGet("/", ReadRevocations.Handle).WithSummary("What was ended since: sessions, personal tokens, API clients");

        var own = app.MapGroup("/api/users/me/sessions").WithTags("Sessions").RequireSignedIn().RequireSession();
        own.MapGet("/", ReadSessions.Own).WithSummary("Where you are signed in");
        own.MapDelete("/{sessionId:guid}", EndSessions.OneOfMine).WithoutVersion(EndedOnce).WithSummary("End one of your sessions");
        own.MapDelete("/", EndSessions.Mine).WithoutVersion(EndedOnce).WithSummary("Sign out everywhere else; with current=true here as well");

        var managers = app.MapGroup("/api/users/{id:guid}/sessions").WithTags("Sessions").RequirePermission(Roles.Permissions.ManageUsers);
        managers.MapGet("/", ReadSessions.OfUser).WithSummary("Where a user is signed in");
        managers.MapDelete("/{sessionId:guid}", EndSessions.OneOfUser).WithoutVersion(EndedOnce).WithSummary("End a session of a user");
        managers.MapDelete("/", EndSessions.OfUser).WithoutVersion(EndedOnce).WithSummary("Sign a user out everywhere");
    }
}

using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Identity.Sessions;

/// <summary>Sign-in for the gateway, which holds the browser's side of a session.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/internal/sessions").WithTags("Internal").RequireInternal();
        sessions.MapPost("/", SignIn.Handle).WithSummary("Sign in: start a session and get its first token");
        sessions.MapPost("/{id:guid}/tokens", IssueToken.Handle).WithSummary("A fresh token for a session");
        sessions.MapDelete("/{id:guid}", SignOut.Handle).WithSummary("Sign out: end a session");
    }
}

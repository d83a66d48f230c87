using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Gateway.Sessions;

/// <summary>What the gateway itself answers: signing in and out, and who is signed in.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session").AllowPublic();
        session.MapPost("", SignIn.Handle).WithName("SignIn").WithSummary("Sign in with e-mail and password; sets the session cookie.");
        session.MapGet("", WhoAmI.Handle).WithName("WhoAmI").WithSummary("Who is signed in, with permissions and the anti-forgery token.");
        session.MapDelete("", SignOut.Handle).WithName("SignOut").WithSummary("Sign out; the session is refused from then on.");
    }
}

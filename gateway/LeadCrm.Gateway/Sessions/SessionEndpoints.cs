using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.Gateway.Sessions;

/// <summary>What the gateway itself answers: signing in and out, and who is signed in.</summary>
internal static class SessionEndpoints
{
    /// <summary>Where the code goes of those who have a second factor.</summary>
    public const string SecondStep = "/api/session/second-factor";

    private const long LargestBody = 16 * 1024;   // an address, a password, a code: whoever sends more wants something else

    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session").AllowPublic().WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        session.MapPost("", SignIn.Handle).WithName("SignIn").WithSummary("Sign in with e-mail and password; sets the session cookie, or asks for a code.");
        session.MapPost("/second-factor", SignInWithCode.Handle).WithName("SignInWithCode").WithSummary("The second step of signing in: the code, with the challenge that the first step gave.");
        session.MapGet("", WhoAmI.Handle).WithName("WhoAmI").WithSummary("Who is signed in, with permissions and the anti-forgery token.");
        session.MapDelete("", SignOut.Handle).WithName("SignOut").WithSummary("Sign out; the session is refused from then on.");
    }
}

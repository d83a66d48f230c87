using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// What concerns somebody's own way in (password, second factor, sessions, tokens) is for the person, not for a program that was lent a part of
/// the person's permissions: a token must not make itself a stronger one.
/// </summary>
internal static class SessionOnly
{
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(async (context, next) => Actor.Current.Credential == Credential.Session
            ? await next(context)
            : Problems.Of(403, "session-required", "Not allowed", "This takes somebody who is signed in. Tokens and API clients cannot do it."));
}

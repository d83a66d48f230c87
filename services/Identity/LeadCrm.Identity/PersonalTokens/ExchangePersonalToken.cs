using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Sessions;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>
/// What the gateway does with a personal token: it gets an access token for it, with what the token may do of what the user holds now. Services
/// never see the personal token itself.
/// </summary>
internal static class ExchangePersonalToken
{
    /// <param name="Token">The personal token as the client sent it.</param>
    internal sealed record Request(string Token);

    /// <param name="AccessToken">What services get.</param>
    /// <param name="ExpiresAt">When it runs out.</param>
    /// <param name="SessionId">Its <c>sid</c>: refused from the moment on at which this is among what was ended.</param>
    internal sealed record Response(string AccessToken, DateTimeOffset ExpiresAt, Guid SessionId);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, TokenIssuer tokens, IOptions<SessionSettings> options, SignInMetrics metrics, TimeProvider clock, CancellationToken ct)
    {
        if (!OpaqueSecret.IsWellFormed(OpaqueSecret.PersonalToken, request.Token)) return Refused("malformed_token");
        // Found by its hash: how long that takes tells nothing about tokens, for nobody can choose a hash.
        var hash = OpaqueSecret.Hash(request.Token);
        var token = await db.PersonalTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, ct);
        var now = clock.GetUtcNow();
        if (token is null || !token.IsGood(now)) return Refused("unknown_token");
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == token.UserId, ct);
        if (!user.IsActive || await SecondFactorRule.MustSetUp(user, db, ct)) return Refused("inactive");

        var minuteAgo = now - options.Value.RecordUseEvery;
        if (token.LastUsedAt is not { } last || last <= minuteAgo)
            await db.PersonalTokens.Where(t => t.Id == token.Id && (t.LastUsedAt == null || t.LastUsedAt <= minuteAgo)).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), ct);

        var access = tokens.ForPersonalToken(user, token.SessionId, token.Id, Scopes.Of(token.Scopes, user.Permissions));
        return TypedResults.Ok(new Response(access.Value, access.ExpiresAt, token.SessionId));

        ProblemHttpResult Refused(string reason)
        {
            metrics.Refused(reason);
            return Problems.Of(401, "token-refused", "Token refused", "This personal access token is wrong, was revoked or has run out, or its user may not sign in.");
        }
    }
}

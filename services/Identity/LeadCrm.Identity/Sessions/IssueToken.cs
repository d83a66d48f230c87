using LeadCrm.Identity.Data;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>A fresh token for a session: with the permissions of now, so that a change of roles reaches everybody within a token's life.</summary>
internal static class IssueToken
{
    internal sealed record Response(string AccessToken, DateTimeOffset ExpiresAt, Guid UserId, string Name, IReadOnlyList<string> Permissions);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, IdentityDb db, TokenIssuer tokens, IOptions<SessionSettings> options, TimeProvider clock, CancellationToken ct)
    {
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, ct);
        if (session is null) return Problems.NotFound("There is no such session.");

        var now = clock.GetUtcNow();
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == session.UserId, ct);
        if (session.IsOver(now, options.Value) || !user.IsActive)
            return Problems.Conflict("session-over", "The session was ended or was left unused for too long. Sign in again.");

        if (now - session.LastUsedAt >= options.Value.RecordUseEvery)
            await db.Sessions.Where(s => s.Id == id && s.LastUsedAt < now).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, now), ct);

        var mustSetUp = await SecondFactorRule.MustSetUp(user, db, ct);
        var token = tokens.ForSession(user, session.Id, mustSetUp);
        return TypedResults.Ok(new Response(token.Value, token.ExpiresAt, user.Id, user.Name, mustSetUp ? [] : user.Permissions));
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.PersonalTokens;

/// <summary>Revokes a personal token: the gateways refuse it within a second. Doing it again changes nothing.</summary>
internal static class RevokePersonalToken
{
    internal static Task<Results<NoContent, ProblemHttpResult>> OneOfMine(Guid tokenId, IdentityDb db, SessionEnding ending, TimeProvider clock, CancellationToken ct) =>
        Revoke(Actor.Current.UserId, tokenId, db, ending, clock, ct);

    internal static Task<Results<NoContent, ProblemHttpResult>> OneOfUser(Guid id, Guid tokenId, IdentityDb db, SessionEnding ending, TimeProvider clock, CancellationToken ct) =>
        Revoke(id, tokenId, db, ending, clock, ct);

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(Guid userId, Guid tokenId, IdentityDb db, SessionEnding ending, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PersonalTokens.SingleOrDefaultAsync(t => t.Id == tokenId && t.UserId == userId, ct) is not { } token) return Problems.NotFound("There is no such token.");
        if (token.RevokedAt is null)
        {
            token.Revoke(clock.GetUtcNow());
            await ending.Refuse(token.SessionId, ct);
            await db.SaveChangesAsync(ct);
        }
        return TypedResults.NoContent();
    }
}

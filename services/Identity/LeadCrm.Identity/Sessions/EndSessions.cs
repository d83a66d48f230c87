using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Ends sessions by hand: a user one or all the others of his own, an administrator those of somebody else. The gateways refuse them within
/// a second, the services as soon as they hear of it.
/// </summary>
internal static class EndSessions
{
    internal static Task<Results<NoContent, ProblemHttpResult>> OneOfMine(Guid sessionId, IdentityDb db, SessionEnding ending, CancellationToken ct) =>
        One(Actor.Current.UserId, sessionId, SessionEnd.SignedOut, db, ending, ct);

    /// <summary>Signs out everywhere else; with <c>current=true</c> also in the session in which this is asked.</summary>
    internal static async Task<NoContent> Mine(IdentityDb db, SessionEnding ending, CancellationToken ct, bool current = false)
    {
        var actor = Actor.Current;
        await All(actor.UserId, SessionEnd.SignedOutEverywhere, current ? null : actor.SessionId, db, ending, ct);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> OneOfUser(Guid id, Guid sessionId, IdentityDb db, SessionEnding ending, CancellationToken ct) =>
        await MayTouch(id, db, ct) ? await One(id, sessionId, SessionEnd.EndedByAdministrator, db, ending, ct) : Problems.NotFound();

    internal static async Task<Results<NoContent, ProblemHttpResult>> OfUser(Guid id, IdentityDb db, SessionEnding ending, CancellationToken ct)
    {
        if (!await MayTouch(id, db, ct)) return Problems.NotFound();
        await All(id, SessionEnd.EndedByAdministrator, except: null, db, ending, ct);
        return TypedResults.NoContent();
    }

    private static async Task<bool> MayTouch(Guid userId, IdentityDb db, CancellationToken ct)
    {
        if (await db.Users.AsNoTracking().Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == userId, ct) is not { } user) return false;
        Administrators.DemandPowerOver(user.Roles);
        return true;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> One(Guid userId, Guid sessionId, SessionEnd because, IdentityDb db, SessionEnding ending, CancellationToken ct)
    {
        if (await db.Sessions.SingleOrDefaultAsync(s => s.Id == sessionId && s.UserId == userId, ct) is not { } session) return Problems.NotFound("There is no such session.");
        await ending.End(session, because, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task All(Guid userId, SessionEnd because, Guid? except, IdentityDb db, SessionEnding ending, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await ending.EndAllOf(userId, because, except, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

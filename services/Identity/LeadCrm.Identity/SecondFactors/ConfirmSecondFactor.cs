using LeadCrm.Identity.Data;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// The first code of the new app: from now on signing in takes one. Every other session ends, for those were opened with a password alone. The
/// answer shows the recovery codes, once.
/// </summary>
internal static class ConfirmSecondFactor
{
    /// <param name="Code">Six digits from the app.</param>
    internal sealed record Request(string Code);

    internal static async Task<Results<Ok<RecoveryCodesResponse>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, SecondFactorCheck check, SignInAttempts attempts, SessionEnding sessions, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await check.Hold(actor.UserId, ct);
        var user = await db.Users.SingleAsync(u => u.Id == actor.UserId, ct);
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == actor.UserId && f.ConfirmedAt == null, ct);
        if (factor is null) return Problems.Conflict("second-factor-not-begun", "There is nothing to confirm. Begin with POST /api/users/me/second-factor.");
        if (!await attempts.MayTry(user, ct) || check.FindStep(factor, request.Code) is not { } step)
        {
            await attempts.Failed(user, address: null, ct);
            await transaction.CommitAsync(ct);
            return Refusals.WrongCode();
        }

        var now = clock.GetUtcNow();
        factor.Confirm(step, now);
        user.SecondFactorIsOn(now);
        var codes = await check.NewRecoveryCodes(user.Id, ct);
        await sessions.EndAllOf(user.Id, SessionEnd.SecondFactorChanged, except: actor.SessionId, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new RecoveryCodesResponse(codes));
    }
}

/// <summary>Recovery codes, shown this once.</summary>
/// <param name="RecoveryCodes">Each works once in place of a code from the app.</param>
internal sealed record RecoveryCodesResponse(IReadOnlyList<string> RecoveryCodes);

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>Ten new recovery codes; those before work no more. Takes a code, from the app or one of those.</summary>
internal static class RenewRecoveryCodes
{
    /// <param name="Code">Six digits from the app, or a recovery code.</param>
    internal sealed record Request(string Code);

    internal static async Task<Results<Ok<RecoveryCodesResponse>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, SecondFactorCheck check, SignInAttempts attempts, CancellationToken ct)
    {
        var id = Actor.Current.UserId;
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == id, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await check.Hold(id, ct);
        if (!await attempts.MayTry(user, ct) || !await check.Use(id, request.Code, ct))
        {
            await attempts.Failed(user, address: null, ct);
            await transaction.CommitAsync(ct);
            return Refusals.WrongCode();
        }
        var codes = await check.NewRecoveryCodes(id, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new RecoveryCodesResponse(codes));
    }
}

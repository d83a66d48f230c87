using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>
/// Switches one's second factor off, as for another phone: takes password and code. Where the organisation wants one, the next thing to do is to set
/// up another.
/// </summary>
internal static class SwitchOffSecondFactor
{
    /// <param name="Password">The user's password.</param>
    /// <param name="Code">Six digits from the app, or a recovery code.</param>
    internal sealed record Request(string Password, string Code);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, PasswordService passwords, SecondFactorCheck check, SignInAttempts attempts, CancellationToken ct)
    {
        var id = Actor.Current.UserId;
        var user = await db.Users.SingleAsync(u => u.Id == id, ct);
        if (!await attempts.Confirm(user, request.Password, passwords, ct)) return Refusals.WrongPassword();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await check.Hold(id, ct);
        if (!await attempts.MayTry(user, ct) || !await check.Use(id, request.Code, ct))
        {
            await attempts.Failed(user, address: null, ct);
            await transaction.CommitAsync(ct);
            return Refusals.WrongCode();
        }
        await check.Remove(id, ct);
        user.SecondFactorIsOff();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Users;

/// <summary>
/// Somebody chooses a new password. Every other session of the user ends; the one that did this goes on. A wrong current password counts
/// like a refused sign-in: a session left open must not be a place to guess in.
/// </summary>
internal static class ChangeOwnPassword
{
    internal sealed record Request(string CurrentPassword, string NewPassword);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, PasswordService passwords, SignInAttempts attempts, SessionEnding sessions, CancellationToken ct)
    {
        var actor = Actor.Current;
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == actor.UserId, ct);
        if (passwords.Verify(user, request.CurrentPassword ?? "") == PasswordVerificationResult.Failed || user is null)
        {
            await attempts.Failed(user, address: null, ct);
            return CurrentIsWrong();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await attempts.TrySucceed(user, newHash: null, ct)) return CurrentIsWrong();
        await db.Entry(user).ReloadAsync(ct);   // the row is held now: as it is, not as it was before the wait
        await passwords.Set(user, request.NewPassword, "newPassword");
        await sessions.EndAllOf(user.Id, SessionEnd.PasswordChanged, except: actor.SessionId, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();

        static ProblemHttpResult CurrentIsWrong() => Problems.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["currentPassword"] = ["This is not your current password, or the account is locked for some minutes after several wrong ones."],
        });
    }
}

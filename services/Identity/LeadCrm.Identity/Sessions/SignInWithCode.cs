using LeadCrm.Identity.Data;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// The second step of a sign-in: the code, with the challenge that the right password gave. A wrong code counts towards the lockout like a
/// wrong password; a code works once.
/// </summary>
internal static class SignInWithCode
{
    /// <param name="Challenge">From the first step.</param>
    /// <param name="Code">Six digits from the app, or a recovery code.</param>
    /// <param name="UserAgent">What the browser calls itself; shown in the list of sessions.</param>
    /// <param name="Address">Where the browser is; shown in the list of sessions.</param>
    internal sealed record Request(string Challenge, string Code, string? UserAgent = null, string? Address = null);

    internal static async Task<Results<Ok<SessionStarted>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, SignInChallenge challenges, SecondFactorCheck check, SignInAttempts attempts, SessionStart start, SignInMetrics metrics,
        ILoggerFactory logs, CancellationToken ct)
    {
        if (challenges.UserIn(request.Challenge) is not { } id) return Over();
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null || !challenges.IsFor(user, request.Challenge) || user.SecondFactorSince is null) return Over();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await check.Hold(user.Id, ct);
        var mayTry = await attempts.MayTry(user, ct);
        if (mayTry && await check.Use(user.Id, request.Code, ct) && await start.Run(user, newHash: null, request.UserAgent, request.Address, ct) is { } started)
        {
            await transaction.CommitAsync(ct);
            return TypedResults.Ok(started);
        }

        if (mayTry) await attempts.Failed(user, request.Address, ct);
        await transaction.CommitAsync(ct);
        var reason = mayTry ? "wrong_code" : user.IsActive ? "locked" : "inactive";
        metrics.Refused(reason);
        logs.CreateLogger(typeof(SignInWithCode)).LogInformation("Second step of a sign-in refused ({Reason}) for user {UserId}", reason, user.Id);
        return Problems.Of(401, "second-factor-failed", "The code was not accepted",
            "The code is wrong or was used already, or the account is locked. Wait for the next code of your app; after several wrong ones an account is locked for some minutes.");

        static ProblemHttpResult Over() => Problems.Of(401, "second-factor-expired", "Sign in again", "This sign-in took too long or was not begun here. Begin again with e-mail address and password.");
    }
}

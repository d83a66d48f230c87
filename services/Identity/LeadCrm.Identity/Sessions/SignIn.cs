using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Starts a session for somebody who knows the password, and hands out its first token; whoever has a second factor gets a challenge instead,
/// and no session before the code (<see cref="SignInWithCode"/>). Every refusal is the same answer after the same work: nobody learns by it
/// whether an address is known, locked or deactivated.
/// </summary>
internal static class SignIn
{
    /// <param name="Email">The sign-in name.</param>
    /// <param name="Password">The password.</param>
    /// <param name="UserAgent">What the browser calls itself; shown in the list of sessions.</param>
    /// <param name="Address">Where the browser is; shown in the list of sessions.</param>
    internal sealed record Request(string Email, string Password, string? UserAgent = null, string? Address = null);

    internal static async Task<Results<Ok<SessionStarted>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, PasswordService passwords, SignInAttempts attempts, SessionStart start, SignInChallenge challenges, SignInMetrics metrics,
        ILoggerFactory logs, CancellationToken ct)
    {
        var email = Users.User.Normalize(request.Email ?? "");
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleOrDefaultAsync(u => u.NormalizedEmail == email, ct);
        var verdict = passwords.Verify(user, request.Password ?? "");

        if (user is null || verdict == PasswordVerificationResult.Failed)
        {
            await attempts.Failed(user, request.Address, ct);
            return Refused(user is null ? "unknown_user" : "wrong_password");
        }

        if (user.SecondFactorSince is not null)
        {
            if (!await attempts.MayTry(user, ct)) return Refused(user.IsActive ? "locked" : "inactive");
            var (challenge, expiresAt) = challenges.For(user);
            return Problems.Of(401, "second-factor-required", "A code is needed", "The password is right. Send the code from your authenticator app, or a recovery code, with this challenge.",
                new Dictionary<string, object?> { ["challenge"] = challenge, ["expiresAt"] = expiresAt });
        }

        var newHash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? passwords.Rehash(user, request.Password!) : null;
        return await start.Run(user, newHash, request.UserAgent, request.Address, ct) is { } started ? TypedResults.Ok(started) : Refused(user.IsActive ? "locked" : "inactive");

        ProblemHttpResult Refused(string reason)
        {
            metrics.Refused(reason);
            // The id, not the address: what was typed there may be a password.
            logs.CreateLogger(typeof(SignIn)).LogInformation("Sign-in refused ({Reason}) for user {UserId}", reason, user?.Id);
            return Problems.Of(401, "sign-in-failed", "Sign-in failed",
                "E-mail address or password is wrong, or the account is locked or deactivated. After several wrong passwords an account is locked for some minutes.");
        }
    }
}

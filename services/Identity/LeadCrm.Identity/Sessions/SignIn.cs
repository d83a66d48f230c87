using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Starts a session for somebody who knows the password, and hands out its first token. Every refusal is the same answer after the same
/// work: nobody learns by it whether an address is known, locked or deactivated.
/// </summary>
internal static class SignIn
{
    /// <param name="Email">The sign-in name.</param>
    /// <param name="Password">The password.</param>
    /// <param name="UserAgent">What the browser calls itself; shown in the list of sessions.</param>
    /// <param name="Address">Where the browser is; shown in the list of sessions.</param>
    internal sealed record Request(string Email, string Password, string? UserAgent = null, string? Address = null);

    internal sealed record Response(Guid SessionId, Guid UserId, string Name, IReadOnlyList<string> Permissions, string AccessToken, DateTimeOffset ExpiresAt);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, IdentityDb db, PasswordService passwords, SignInAttempts attempts, TokenIssuer tokens, SignInMetrics metrics, TimeProvider clock,
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

        var newHash = verdict == PasswordVerificationResult.SuccessRehashNeeded ? passwords.Rehash(user, request.Password!) : null;
        var session = new Session(Guid.CreateVersion7(), user.Id, clock.GetUtcNow(), request.UserAgent, request.Address);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            if (!await attempts.TrySucceed(user, newHash, ct)) return Refused(user.IsActive ? "locked" : "inactive");
            db.Sessions.Add(session);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        metrics.SignedIn();
        var token = tokens.Issue(user, session.Id);
        return TypedResults.Ok(new Response(session.Id, user.Id, user.Name, user.Permissions, token.Value, token.ExpiresAt));

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

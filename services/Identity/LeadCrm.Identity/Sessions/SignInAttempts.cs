using LeadCrm.Identity.Data;
using LeadCrm.Identity.Passwords;
using LeadCrm.Identity.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Counts wrong passwords and locks the account. Each outcome is one statement that decides on the row as it is at that moment: however
/// many guesses run at once, they end as if they had come one after the other.
/// </summary>
internal sealed class SignInAttempts(IdentityDb db, IOptions<SessionSettings> options, TimeProvider clock)
{
    /// <summary>
    /// Records a refusal. One and the same statement for a user that exists and one that does not, so that its time tells nothing. A
    /// locked account stays locked until its time is over; guessing on does not make it longer, or anybody could keep somebody out.
    /// </summary>
    public Task Failed(User? user, string? address, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now + options.Value.LockoutFor;
        var limit = options.Value.LockoutAfter;
        return db.Database.ExecuteSqlAsync($"""
            with counted as (
                update users set
                    lockout_end = case when access_failed_count + 1 >= {limit} then {until} else lockout_end end,
                    access_failed_count = case when access_failed_count + 1 >= {limit} then 0 else access_failed_count + 1 end
                where id = {user?.Id} and (lockout_end is null or lockout_end <= {now})
            )
            insert into sign_in_failures (id, at, user_id, address)
            values ({Guid.CreateVersion7()}, {now}, {user?.Id}, {Session.Shorten(address, Session.LongestAddress)})
            """, ct);
    }

    /// <summary>
    /// The password was right: false when the account is locked, was deactivated, or got another password in the meantime. Holds
    /// the user's row until the transaction ends, so that a deactivation sees the session that is made now.
    /// </summary>
    public async Task<bool> TrySucceed(User user, string? newHash, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Users
            .Where(u => u.Id == user.Id && u.IsActive && u.PasswordHash == user.PasswordHash && (u.LockoutEnd == null || u.LockoutEnd <= now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(u => u.AccessFailedCount, 0)
                .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(u => u.PasswordHash, newHash ?? user.PasswordHash), ct) == 1;
    }

    /// <summary>
    /// Whether a first right answer may be followed by a second question: false when the account is locked, was deactivated, or got another
    /// password in the meantime. Forgets no wrong answer, or whoever knows the password could guess codes without end.
    /// </summary>
    public Task<bool> MayTry(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Users.AnyAsync(u => u.Id == user.Id && u.IsActive && u.PasswordHash == user.PasswordHash && (u.LockoutEnd == null || u.LockoutEnd <= now), ct);
    }

    /// <summary>Somebody who is signed in shows the password once more. A wrong one counts as at the sign-in.</summary>
    public async Task<bool> Confirm(User user, string? password, PasswordService passwords, CancellationToken ct)
    {
        if (passwords.Verify(user, password ?? "") != PasswordVerificationResult.Failed) return await MayTry(user, ct);
        await Failed(user, address: null, ct);
        return false;
    }
}

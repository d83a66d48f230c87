using LeadCrm.Identity.Data;
using LeadCrm.Identity.SecondFactors;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;

namespace LeadCrm.Identity.Sessions;

/// <summary>The last step of every sign-in: the session and its first token.</summary>
internal sealed class SessionStart(IdentityDb db, SignInAttempts attempts, TokenIssuer tokens, SignInMetrics metrics, TimeProvider clock)
{
    /// <summary>Null when the account is locked, was deactivated, or got another password in the meantime. Joins a running transaction.</summary>
    /// <param name="user">Who showed everything that is asked for, with roles.</param>
    /// <param name="newHash">The hash that replaces one made with older settings.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="address">Where the browser is.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<SessionStarted?> Run(User user, string? newHash, string? userAgent, string? address, CancellationToken ct)
    {
        var session = new Session(Guid.CreateVersion7(), user.Id, clock.GetUtcNow(), userAgent, address);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (!await attempts.TrySucceed(user, newHash, ct)) return null;
        db.Sessions.Add(session);
        var mustSetUp = await SecondFactorRule.MustSetUp(user, db, ct);
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);

        metrics.SignedIn();
        var token = tokens.ForSession(user, session.Id, mustSetUp);
        return new SessionStarted(session.Id, user.Id, user.Name, mustSetUp ? [] : user.Permissions, token.Value, token.ExpiresAt);
    }
}

/// <summary>A session and its first token.</summary>
/// <param name="SessionId">The session, the <c>sid</c> of its tokens.</param>
/// <param name="UserId">Who signed in.</param>
/// <param name="Name">Full name.</param>
/// <param name="Permissions">What the user may do; nothing before a second factor is set up that the organisation wants.</param>
/// <param name="AccessToken">The first token.</param>
/// <param name="ExpiresAt">When it runs out.</param>
internal sealed record SessionStarted(Guid SessionId, Guid UserId, string Name, IReadOnlyList<string> Permissions, string AccessToken, DateTimeOffset ExpiresAt);

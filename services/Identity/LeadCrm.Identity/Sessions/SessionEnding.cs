using LeadCrm.Identity.Contracts;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>Ends sessions and tells the services, which refuse their tokens from then on. The caller saves.</summary>
internal sealed class SessionEnding(IdentityDb db, IPublishEndpoint publish, IOptions<TokenSettings> tokens, TimeProvider clock)
{
    public async Task End(Session session, SessionEnd because, CancellationToken ct)
    {
        if (session.EndedAt is not null) return;
        var now = clock.GetUtcNow();
        session.End(because, now);
        await publish.PublishFor(session.Id, new SessionRevoked
        {
            SessionId = session.Id,
            ExpiresAt = now + tokens.Value.AccessTokenLifetime + tokens.Value.ClockSkew,
        }, ct);
    }

    /// <summary>Ends every session of a user. Needs a running transaction.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="because">Why.</param>
    /// <param name="except">The session in which the user just did this, which goes on.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task EndAllOf(Guid userId, SessionEnd because, Guid? except, CancellationToken ct)
    {
        // A sign-in holds this row while it makes its session: after the lock either the session is seen here, or the sign-in sees what
        // was changed on the user and is refused.
        await db.Database.ExecuteSqlAsync($"select 1 from users where id = {userId} for update", ct);
        foreach (var session in await db.Sessions.Where(s => s.UserId == userId && s.EndedAt == null && s.Id != except).ToListAsync(ct))
            await End(session, because, ct);
    }
}

using LeadCrm.Identity.Contracts;
using LeadCrm.Identity.Data;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Ends sessions and makes their tokens be refused from then on: by the gateways, which read the revocations, and by the services, which
/// are told. The caller saves.
/// </summary>
internal sealed class SessionEnding(IdentityDb db, IPublishEndpoint publish, IOptions<TokenSettings> tokens, TimeProvider clock)
{
    public async Task End(Session session, SessionEnd because, CancellationToken ct)
    {
        if (session.EndedAt is not null) return;
        session.End(because, clock.GetUtcNow());
        await Refuse(session.Id, ct);
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

    /// <summary>Makes every token that carries this <c>sid</c> be refused.</summary>
    public async Task Refuse(Guid sessionId, CancellationToken ct)
    {
        db.Revocations.Add(new Revocation { SessionId = sessionId });
        await publish.PublishFor(sessionId, new SessionRevoked
        {
            SessionId = sessionId,
            ExpiresAt = clock.GetUtcNow() + tokens.Value.AccessTokenLifetime + tokens.Value.ClockSkew,
        }, ct);
    }
}

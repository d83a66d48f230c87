using LeadCrm.Identity.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>Stops whatever acts as a user: access tokens that personal tokens and API clients of it hold are refused from now on. The caller saves.</summary>
internal sealed class CredentialCut(IdentityDb db, SessionEnding ending)
{
    public async Task AllOf(Guid userId, CancellationToken ct)
    {
        foreach (var token in await db.PersonalTokens.Where(t => t.UserId == userId && t.RevokedAt == null).ToListAsync(ct))
        {
            await ending.Refuse(token.SessionId, ct);
            token.TakeNewSession();
        }
        foreach (var client in await db.Clients.Where(c => c.UserId == userId && c.RevokedAt == null).ToListAsync(ct))
        {
            await ending.Refuse(client.SessionId, ct);
            client.TakeNewSession();
        }
    }
}

using LeadCrm.Identity.Data;
using LeadCrm.Identity.Sessions;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Clients;

/// <summary>Revokes a client: it gets no token any more, and the gateways refuse those that it has within a second. It stays, for its history.</summary>
internal static class RevokeClient
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, IdentityDb db, SessionEnding ending, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Clients.SingleOrDefaultAsync(c => c.Id == id, ct) is not { } client) return Problems.NotFound();
        if (client.RevokedAt is null)
        {
            client.Revoke(clock.GetUtcNow());
            await ending.Refuse(client.SessionId, ct);
            await db.SaveChangesAsync(ct);
        }
        return TypedResults.NoContent();
    }
}

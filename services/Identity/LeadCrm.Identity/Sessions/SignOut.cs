using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Sessions;

/// <summary>Ends a session. Doing it again changes nothing.</summary>
internal static class SignOut
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, IdentityDb db, SessionEnding ending, CancellationToken ct)
    {
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, ct);
        if (session is null) return Problems.NotFound("There is no such session.");
        await ending.End(session, SessionEnd.SignedOut, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}

using LeadCrm.Leads.Data;
using LeadCrm.Leads.Views;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// The caller has opened a lead (LD7): for its owner, or a member of the queue that holds it, it is no longer unread. Somebody else who looks
/// changes nothing. It is among what the caller viewed recently (VW1). Reading itself never does, so a client says it, and says it for a lead that is locked or converted too.
/// </summary>
internal static class OpenLead
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, LeadsDb db, LeadAccess access, TimeProvider clock, CancellationToken ct)
    {
        if (await access.Find(id, ct) is not { } lead) return Problems.NotFound();
        var isTheirs = lead.OwnerId == Actor.Current.UserId || (lead.QueueId is { } queue && access.Scope.Queues.Contains(queue));
        if (isTheirs && lead.Signals.Unread)
        {
            lead.Signals.MarkRead(true);
            await db.SaveChangesAsync(ct);
        }
        await LeadVisit.Note(db, Actor.Current.UserId, id, clock.GetUtcNow(), ct);
        return TypedResults.NoContent();
    }
}

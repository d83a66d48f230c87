using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Marks a lead read or unread. Raises no version: nobody's edit is disturbed by somebody reading.</summary>
internal static class MarkLead
{
    internal sealed record Request(bool Unread);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request request, LeadsDb db, LeadAccess access, CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.Signals.MarkRead(!request.Unread);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}

using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Moves a lead to the recycle bin.</summary>
internal static class DeleteLead
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, LeadAccess access, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);
        Versions.Check(expected, lead.Version);

        lead.Delete(Editing.ByCurrentActor, clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Deleted, ct);
        return TypedResults.NoContent();
    }
}

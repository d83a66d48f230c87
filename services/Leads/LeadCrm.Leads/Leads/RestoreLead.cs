using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Brings a lead back from the recycle bin.</summary>
internal static class RestoreLead
{
    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, LeadAccess access, CustomValues custom, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEditDeletedToo(id, ct) is not { } lead) return Problems.NotFound();

        lead.Restore(clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Restored, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }
}

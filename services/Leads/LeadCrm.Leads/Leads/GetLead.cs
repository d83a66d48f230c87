using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Shows one lead; a converted one with what it became (C25). Reading changes nothing.</summary>
internal static class GetLead
{
    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(Guid id, LeadAccess access, CustomValues custom, IDirectory directory, CancellationToken ct) =>
        await access.Read(id, ct) is { } lead ? Answers.Ok(lead.ToResponse(directory, custom), lead.Version) : Problems.NotFound();
}

using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Statuses;

/// <summary>Makes a lead follow another process; its status stays.</summary>
internal static class FollowProcess
{
    /// <param name="ProcessId">The process; null: the default one.</param>
    internal sealed record Request(Guid? ProcessId);

    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext http, LeadAccess access, StatusBook statuses, CustomValues custom, IDirectory directory, CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);
        if (http.ReadIfMatch() is { } expected) Versions.Check(expected, lead.Version);
        var errors = new FieldErrors();
        await statuses.CheckProcess(request.ProcessId, errors, ct);
        errors.ThrowIfAny();

        lead.Follow(request.ProcessId);
        await access.Save(lead, ChangeKind.Updated, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }
}

using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Hands a lead to another user or to a queue.</summary>
internal static class TransferLead
{
    /// <param name="OwnerId">The new owner, or</param>
    /// <param name="QueueId">the queue that holds it from now on.</param>
    internal sealed record Request(Guid? OwnerId = null, Guid? QueueId = null);

    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext http, LeadAccess access, OwnerRules owners, CustomValues custom, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        if (await access.Find(id, ct) is not { } lead) return Problems.NotFound();
        access.Scope.DemandTransfer(lead.OwnerId, lead.QueueId);
        lead.EnsureEditable(Editing.ByCurrentActor);
        if (http.ReadIfMatch() is { } expected) Versions.Check(expected, lead.Version);

        var errors = new FieldErrors();
        var owner = await owners.Check(request.OwnerId, request.QueueId, errors, ct);
        errors.ThrowIfAny();

        lead.TransferTo(owner, Editing.ByCurrentActor, clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Updated, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }
}

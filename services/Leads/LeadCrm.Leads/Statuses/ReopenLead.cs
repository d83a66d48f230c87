using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Statuses;

/// <summary>Reopens a lead that is not qualified before its date: back to the status it held, unread (LC3).</summary>
internal static class ReopenLead
{
    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, LeadsDb db, LeadAccess access, StatusBook statuses, CustomValues custom, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);
        if (http.ReadIfMatch() is { } expected) Versions.Check(expected, lead.Version);

        lead.Reopen(await ReturnsTo(lead, db, statuses, ct), Editing.ByCurrentActor, clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Updated, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }

    /// <summary>The status it held; the default one when that is no longer in use.</summary>
    internal static async Task<LeadStatus> ReturnsTo(Lead lead, LeadsDb db, StatusBook statuses, CancellationToken ct)
    {
        var held = lead.HeldStatusId is { } id ? await db.Statuses.FirstOrDefaultAsync(s => s.Id == id, ct) : null;
        return held is { IsActive: true, IsConverted: false, Category: not LeadStatusCategory.NotQualified } ? held : await statuses.Default(ct);
    }
}

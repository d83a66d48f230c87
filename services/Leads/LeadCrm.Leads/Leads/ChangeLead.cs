using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.PickLists;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Leads;

/// <summary>Changes fields of a lead. Status, owner and conversion have actions of their own.</summary>
internal static class ChangeLead
{
    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<LeadDetails> patch, HttpContext http, LeadsDb db, LeadAccess access, CustomValues custom, PickListCache lists, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);
        Versions.Check(expected, lead.Version);

        var errors = new FieldErrors();
        var asked = patch.ApplyTo(lead.ToDetails());
        var details = (await lists.Get(db, ct)).Spelled(LeadRules.Normalise(asked, errors)) with { Custom = await custom.ForEdit("lead", asked.Custom, lead.Custom, errors, ct) };
        errors.ThrowIfAny();

        lead.Edit(details, Editing.ByCurrentActor, clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Updated, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }
}

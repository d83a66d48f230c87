using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Merging;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Reads a contact; a provisional one, too, marked as such (C33).</summary>
internal static class GetContact
{
    private const int MostLeads = 100;

    internal static async Task<Results<VersionedOk<ContactResponse>, ProblemHttpResult>> Handle(Guid id, AccountsDb db, ContactAccess access, CustomValues custom, CancellationToken ct)
    {
        var contact = await access.VisibleProvisionalToo.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
        if (contact is null)
        {
            // Who asks under the old id of a merged one is told where it is now, as far as that may be seen.
            return await ReadMerges.Survivor(db, "contact", id, ct) is { } survivor && await access.Visible.AnyAsync(c => c.Id == survivor, ct) ? ReadMerges.Moved("contact", survivor) : Problems.NotFound();
        }

        var primaryOf = await db.Accounts.IgnoreQueryFilters([Provisional.Filter]).Where(a => a.PrimaryContactId == id).Select(a => a.Id).ToListAsync(ct);
        Guid[] ids = [id, .. await ReadMerges.Became(db, "contact", id, ct)];
        var leads = await db.ConversionSteps.Where(s => ids.Contains(s.ContactId!.Value) && s.State == ConversionStepState.Revealed)
            .OrderBy(s => s.StartedAt).Select(s => s.LeadId).Take(MostLeads).ToListAsync(ct);
        return Answers.Ok(ContactResponse.Of(contact, custom, primaryOf, leads), contact.Version);
    }
}

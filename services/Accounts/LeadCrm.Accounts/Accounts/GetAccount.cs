using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Merging;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Reads an account; a provisional one, too, marked as such (C33).</summary>
internal static class GetAccount
{
    private const int MostLeads = 100;

    internal static async Task<Results<VersionedOk<AccountResponse>, ProblemHttpResult>> Handle(Guid id, AccountsDb db, AccountAccess access, CustomValues custom, CancellationToken ct)
    {
        var account = await access.VisibleProvisionalToo.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, ct);
        if (account is null)
        {
            // Who asks under the old id of a merged one is told where it is now, as far as that may be seen.
            return await ReadMerges.Survivor(db, "account", id, ct) is { } survivor && await access.Visible.AnyAsync(a => a.Id == survivor, ct) ? ReadMerges.Moved("account", survivor) : Problems.NotFound();
        }

        Guid[] ids = [id, .. await ReadMerges.Became(db, "account", id, ct)];
        var leads = await db.ConversionSteps.Where(s => ids.Contains(s.AccountId!.Value) && s.State == ConversionStepState.Revealed)
            .OrderBy(s => s.StartedAt).Select(s => s.LeadId).Take(MostLeads).ToListAsync(ct);
        return Answers.Ok(AccountResponse.Of(account, custom, leads), account.Version);
    }
}

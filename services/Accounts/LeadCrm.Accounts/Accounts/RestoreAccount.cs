using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Takes an account out of the recycle bin.</summary>
internal static class RestoreAccount
{
    internal static async Task<Results<VersionedOk<AccountResponse>, ProblemHttpResult>> Handle(
        Guid id, AccountsDb db, AccountAccess access, CustomValues custom, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var account = await access.ForEdit(db.Accounts.IgnoreQueryFilters(), id, ct);
        if (account is null) return Problems.NotFound();

        var now = clock.GetUtcNow();
        account.Restore(Actor.Current.UserId, now);
        await publish.PublishFor(id, account.Changed(ChangeKind.Restored, now), ct);
        await db.SaveChangesAsync(ct);
        return Answers.Ok(AccountResponse.Of(account, custom), account.Version);
    }
}

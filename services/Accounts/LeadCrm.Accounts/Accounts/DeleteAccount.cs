using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Puts an account into the recycle bin. Its contacts stay, and are at it again when it is restored.</summary>
internal static class DeleteAccount
{
    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, AccountsDb db, AccountAccess access, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked, so that no conversion can start to use it between the question and the answer.
        var account = await access.ForEdit(
            db.Accounts.FromSql($"select * from accounts where id = {id} for update").IgnoreQueryFilters([Provisional.Filter]), id, ct);
        if (account is null) return Problems.NotFound();
        account.EnsureNotProvisional();
        if (await db.ConversionSteps.AnyAsync(s => s.AccountId == id && s.State == ConversionStepState.Pending, ct))
            return Problems.Conflict("conversion-pending", "A lead is being converted into this account. Try again when the conversion is completed.");
        Versions.Check(expected, account.Version);

        var now = clock.GetUtcNow();
        account.Delete(Actor.Current.UserId, now);
        await publish.PublishFor(id, account.Changed(ChangeKind.Deleted, now), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}

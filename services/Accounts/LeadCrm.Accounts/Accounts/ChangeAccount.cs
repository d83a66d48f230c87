using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Changes fields of an account.</summary>
internal static class ChangeAccount
{
    internal static async Task<Results<VersionedOk<AccountResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<AccountInput> patch, HttpContext http, AccountsDb db, AccountAccess access, CustomValues custom, AccountReferences references, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await access.ForEdit(db.Accounts.IgnoreQueryFilters([Provisional.Filter]), id, ct);
        if (account is null) return Problems.NotFound();
        account.EnsureNotProvisional();
        Versions.Check(expected, account.Version);

        var before = account.ToInput();
        var errors = new FieldErrors();
        var asked = patch.ApplyTo(before);
        var input = asked.Normalised(errors.Add) with { Custom = await custom.ForEdit("account", asked.Custom, account.Custom, errors, ct) };
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();

        var now = clock.GetUtcNow();
        account.Change(input, Actor.Current.UserId, now);
        await publish.PublishFor(id, account.Changed(ChangeKind.Updated, now), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(AccountResponse.Of(account, custom), account.Version);
    }
}

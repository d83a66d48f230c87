using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Makes a contact of the account its primary one, in one step: whoever was it before no longer is (AC2).</summary>
internal static class SetPrimaryContact
{
    /// <summary>The contact; null leaves the account without a primary one.</summary>
    internal sealed record Request(Guid? ContactId);

    internal static async Task<Results<VersionedOk<AccountResponse>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext http, AccountsDb db, AccountAccess access, ContactAccess contacts, CustomValues custom, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await access.ForEdit(db.Accounts.IgnoreQueryFilters([Provisional.Filter]), id, ct);
        if (account is null) return Problems.NotFound();
        account.EnsureNotProvisional();
        Versions.Check(expected, account.Version);
        if (request.ContactId is { } contactId) await EnsureAtAccount(db, contacts.Scope, contactId, id, ct);

        var now = clock.GetUtcNow();
        account.SetPrimaryContact(request.ContactId, Actor.Current.UserId, now);
        await publish.PublishFor(id, account.Changed(ChangeKind.Updated, now), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(AccountResponse.Of(account, custom), account.Version);
    }

    private static async Task EnsureAtAccount(AccountsDb db, Scope scope, Guid contactId, Guid accountId, CancellationToken ct)
    {
        // Locked: the contact cannot leave the account while it becomes its primary one.
        var contact = await db.Contacts.FromSql($"select * from contacts where id = {contactId} for share").AsNoTracking()
            .VisibleTo(scope, c => c.OwnerId).IgnoreQueryFilters([Provisional.Filter]).FirstOrDefaultAsync(ct);
        contact?.EnsureNotProvisional();
        if (contact?.IsAt(accountId) == true) return;

        var errors = new FieldErrors();
        errors.Add("contactId", contact is null ? "There is no such contact." : $"'{contact.FullName}' does not belong to this account.");
        errors.ThrowIfAny();
    }
}

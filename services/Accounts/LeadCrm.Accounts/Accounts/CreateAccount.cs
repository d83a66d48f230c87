using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Creates an account (AC1).</summary>
internal static class CreateAccount
{
    internal static async Task<VersionedCreated<AccountResponse>> Handle(
        AccountInput request, AccountsDb db, AccountReferences references, CustomValues custom, IPublishEndpoint publish, TimeProvider clock, CancellationToken ct)
    {
        var (id, now, actor) = (Guid.CreateVersion7(), clock.GetUtcNow(), Actor.Current.UserId);
        var errors = new FieldErrors();
        var input = request.Normalised(errors.Add) with { Custom = await custom.ForNew("account", request.Custom, errors, ct) };
        await references.Check(id, input, before: null, errors, ct);
        errors.ThrowIfAny();

        var account = Account.Create(id, input, input.OwnerId ?? actor, actor, now);
        db.Accounts.Add(account);
        await publish.PublishFor(id, account.Changed(ChangeKind.Created, now), ct);
        await db.SaveChangesAsync(ct);
        return Answers.Created($"/api/accounts/{id}", AccountResponse.Of(account, custom), account.Version);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Accounts in bulk (LD11), by the rules of the single endpoints.</summary>
internal sealed class AccountBulk(AccountsDb db, AccountReferences references, CustomValues custom, IVisibility visibility, IPublishEndpoint publish, TimeProvider clock) : BulkTarget<Account>
{
    /// <summary>To whom a transfer goes.</summary>
    private sealed record Transferred(Guid OwnerId);

    private readonly Scope scope = visibility.Of("account");

    public override BulkPermissions Permissions { get; } = new("accounts.create", "accounts.edit", "accounts.delete", "accounts.edit");

    public override async Task<IReadOnlyList<Account>> Load(Guid[] ids, string[] externalIds, CancellationToken ct) =>
        await db.Accounts.FromSql($"select * from accounts where id = any({ids}) or external_id = any({externalIds}) order by id for update")
            .IgnoreQueryFilters().VisibleTo(scope, a => a.OwnerId).ToListAsync(ct);

    public override string? ExternalId(Account record) => record.ExternalId;

    public override void EnsureEditable(Account record, BulkOp op)
    {
        if (op == BulkOp.Transfer) scope.DemandTransfer(record.OwnerId);
        else scope.DemandEdit(record.OwnerId);
        record.EnsureNotProvisional();
    }

    public override async Task<Account> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var request = record.Deserialize<AccountInput>(Json.Options)!;
        if (externalId is not null) request = request with { ExternalId = externalId };
        var (id, actor) = (Guid.CreateVersion7(), Actor.Current.UserId);
        var input = await Checked(id, request, null, errors => custom.ForNew("account", request.Custom, errors, ct), ct);
        var account = Account.Create(id, input, input.OwnerId ?? actor, actor, clock.GetUtcNow());
        db.Accounts.Add(account);
        return account;
    }

    public override Task Update(Account record, JsonObject patch, CancellationToken ct) =>
        Change(record, new MergePatch<AccountInput>(patch).ApplyTo(record.ToInput()), (asked, errors) => custom.ForEdit("account", asked, record.Custom, errors, ct), ct);

    public override Task Transfer(Account record, JsonObject to, CancellationToken ct) =>
        Change(record, record.ToInput() with { OwnerId = to.Deserialize<Transferred>(Json.Options)!.OwnerId }, (asked, _) => Task.FromResult(asked), ct);

    public override async Task Delete(Account record, CancellationToken ct)
    {
        if (await db.ConversionSteps.AnyAsync(s => s.AccountId == record.Id && s.State == ConversionStepState.Pending, ct))
            throw new DomainRuleException("conversion-pending", "A lead is being converted into this account. Try again when the conversion is completed.");
        record.Delete(Actor.Current.UserId, clock.GetUtcNow());
    }

    public override Task Restore(Account record, CancellationToken ct)
    {
        record.Restore(Actor.Current.UserId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task Save(IReadOnlyList<BulkChange<Account>> changes, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var change in changes)
        {
            var kind = change.Op switch
            {
                BulkOp.Create => ChangeKind.Created,
                BulkOp.Delete => ChangeKind.Deleted,
                BulkOp.Restore => ChangeKind.Restored,
                _ => ChangeKind.Updated,
            };
            await publish.PublishFor(change.Record.Id, change.Record.Changed(kind, now), ct);
        }
        await db.SaveChangesAsync(ct);
    }

    private async Task Change(Account record, AccountInput asked, Func<IReadOnlyDictionary<string, JsonElement>?, FieldErrors, Task<IReadOnlyDictionary<string, JsonElement>?>> custom, CancellationToken ct)
    {
        var input = await Checked(record.Id, asked, record.ToInput(), errors => custom(asked.Custom, errors), ct);
        record.Change(input, Actor.Current.UserId, clock.GetUtcNow());
    }

    private async Task<AccountInput> Checked(
        Guid id, AccountInput asked, AccountInput? before, Func<FieldErrors, Task<IReadOnlyDictionary<string, JsonElement>?>> custom, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = asked.Normalised(errors.Add) with { Custom = await custom(errors) };
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();
        return input;
    }
}

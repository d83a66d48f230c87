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

namespace LeadCrm.Accounts.Contacts;

/// <summary>Contacts in bulk (LD11), by the rules of the single endpoints.</summary>
internal sealed class ContactBulk(AccountsDb db, ContactReferences references, CustomValues custom, IVisibility visibility, IPublishEndpoint publish, TimeProvider clock) : BulkTarget<Contact>
{
    /// <summary>To whom a transfer goes.</summary>
    private sealed record Transferred(Guid OwnerId);

    private readonly Scope scope = visibility.Of("contact");

    public override BulkPermissions Permissions { get; } = new("contacts.create", "contacts.edit", "contacts.delete", "contacts.edit");

    public override async Task<IReadOnlyList<Contact>> Load(Guid[] ids, string[] externalIds, CancellationToken ct) =>
        await db.Contacts.FromSql($"select * from contacts where id = any({ids}) or external_id = any({externalIds}) order by id for update")
            .IgnoreQueryFilters().VisibleTo(scope, c => c.OwnerId).ToListAsync(ct);

    public override string? ExternalId(Contact record) => record.ExternalId;

    public override void EnsureEditable(Contact record, BulkOp op)
    {
        if (op == BulkOp.Transfer) scope.DemandTransfer(record.OwnerId);
        else scope.DemandEdit(record.OwnerId);
        record.EnsureNotProvisional();
    }

    public override async Task<Contact> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var request = record.Deserialize<ContactInput>(Json.Options)!;
        if (externalId is not null) request = request with { ExternalId = externalId };
        var (id, actor) = (Guid.CreateVersion7(), Actor.Current.UserId);
        var input = await Checked(id, request, null, errors => custom.ForNew("contact", request.Custom, errors, ct), ct);
        var contact = Contact.Create(id, input, input.OwnerId ?? actor, actor, clock.GetUtcNow());
        db.Contacts.Add(contact);
        return contact;
    }

    public override Task Update(Contact record, JsonObject patch, CancellationToken ct) =>
        Change(record, new MergePatch<ContactInput>(patch).ApplyTo(record.ToInput()), (asked, errors) => custom.ForEdit("contact", asked, record.Custom, errors, ct), ct);

    public override Task Transfer(Contact record, JsonObject to, CancellationToken ct) =>
        Change(record, record.ToInput() with { OwnerId = to.Deserialize<Transferred>(Json.Options)!.OwnerId }, (asked, _) => Task.FromResult(asked), ct);

    public override async Task Delete(Contact record, CancellationToken ct)
    {
        if (await db.ConversionSteps.AnyAsync(s => s.ContactId == record.Id && s.State == ConversionStepState.Pending, ct))
            throw new DomainRuleException("conversion-pending", "A lead is being converted into this contact. Try again when the conversion is completed.");
        record.Delete(Actor.Current.UserId, clock.GetUtcNow());
        await PrimaryContacts.Withdraw(record, db, publish, clock.GetUtcNow(), ct);
    }

    public override Task Restore(Contact record, CancellationToken ct)
    {
        record.Restore(Actor.Current.UserId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task Save(IReadOnlyList<BulkChange<Contact>> changes, CancellationToken ct)
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

    private async Task Change(Contact record, ContactInput asked, Func<IReadOnlyDictionary<string, JsonElement>?, FieldErrors, Task<IReadOnlyDictionary<string, JsonElement>?>> custom, CancellationToken ct)
    {
        var input = await Checked(record.Id, asked, record.ToInput(), errors => custom(asked.Custom, errors), ct);
        record.Change(input, Actor.Current.UserId, clock.GetUtcNow());
        await PrimaryContacts.Withdraw(record, db, publish, clock.GetUtcNow(), ct);
    }

    private async Task<ContactInput> Checked(
        Guid id, ContactInput asked, ContactInput? before, Func<FieldErrors, Task<IReadOnlyDictionary<string, JsonElement>?>> custom, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = asked.Normalised(errors.Add) with { Custom = await custom(errors) };
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();
        return input;
    }
}

using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// Takes back what step 1 did (C31): what it made is removed, unless another conversion uses it meanwhile; what it filled is put back,
/// unless somebody changed it since. Leaves a tombstone and answers, also when there was nothing to do.
/// </summary>
internal sealed class UndoAccountAndContactConsumer(AccountsDb db, TimeProvider clock) : IConsumer<UndoAccountsAndContacts>, IConsumer<UndoAccountAndContact>
{
    public Task Consume(ConsumeContext<UndoAccountsAndContacts> context) => context.InOneGo(db, context.Message.Items,
        items => Take(context, items), item => new UndoAccountsAndContacts { Items = [item] });

    /// <summary>What was sent by a version that sent single commands.</summary>
    public Task Consume(ConsumeContext<UndoAccountAndContact> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<UndoAccountAndContact> commands)
    {
        // In one order, so that two chunks with the same records do not wait for each other crosswise.
        foreach (var command in commands.OrderBy(command => command.ConversionId)) await Undo(context, command.ConversionId);
        await context.PublishFor(commands[0].ConversionId, new AccountsAndContactsAnswered
        {
            Undone = [.. commands.Select(command => new AccountAndContactUndone { ConversionId = command.ConversionId })],
        }, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    private async Task Undo(ConsumeContext context, Guid id)
    {
        var ct = context.CancellationToken;
        using var acting = Actor.Use(Actor.Current.For(id));
        var step = (await db.ConversionSteps.FromSql($"select * from conversion_steps where conversion_id = {id} for update").ToListAsync(ct)).SingleOrDefault();
        if (step is null)
        {
            step = new ConversionStep { ConversionId = id, StartedAt = clock.GetUtcNow() };
            db.ConversionSteps.Add(step);
        }
        else if (step.State == ConversionStepState.Revealed)
        {
            throw new InvalidOperationException($"Conversion {id} is past its pivot and can no longer be undone");
        }
        else if (step.State == ConversionStepState.Pending)
        {
            await TakeBack(context, step);
        }

        step.State = ConversionStepState.Undone;
        step.EndedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(ct);
    }

    private async Task TakeBack(ConsumeContext context, ConversionStep step)
    {
        var (now, ct) = (clock.GetUtcNow(), context.CancellationToken);
        // Locked before looking who else uses them: a conversion that joins at this moment is either seen here or sees that they are gone.
        var account = (await db.Accounts.FromSql($"select * from accounts where id = {step.AccountId} for update").IgnoreQueryFilters().ToListAsync(ct)).SingleOrDefault();
        var contact = (await db.Contacts.FromSql($"select * from contacts where id = {step.ContactId} for update").IgnoreQueryFilters().ToListAsync(ct)).SingleOrDefault();
        var others = await db.ConversionSteps
            .Where(s => s.ConversionId != step.ConversionId && (s.AccountId == step.AccountId || s.ContactId == step.ContactId)
                && (s.State == ConversionStepState.Pending || (s.State == ConversionStepState.Revealed && s.EndedAt >= step.StartedAt)))
            .OrderBy(s => s.StartedAt).ToListAsync(ct);

        var contactHeir = others.FirstOrDefault(s => s.State == ConversionStepState.Pending && s.ContactId == step.ContactId);
        var accountHeir = others.FirstOrDefault(s => s.State == ConversionStepState.Pending && s.AccountId == step.AccountId);
        var accountRestored = account is not null && PutBack("account", account, Account.Fillable, step, others);
        var contactRestored = contact is not null && PutBack("contact", contact, Contact.Fillable, step, others);
        if (accountRestored) account!.Touch(null, now);
        if (contactRestored) contact!.Touch(null, now);

        // A new account stays for the others who share it, without the contact that goes: theirs takes its place.
        var contactGoes = contact?.PendingConversionId == step.ConversionId && contactHeir is null;
        if (contactGoes && account?.PrimaryContactId == step.ContactId && (account!.PendingConversionId != step.ConversionId || accountHeir is not null))
        {
            account.SetPrimaryContact(others.FirstOrDefault(s => s.AccountId == step.AccountId)?.ContactId, null, now);
            if (!account.IsProvisional) await context.PublishFor(account.Id, account.Changed(ChangeKind.Updated, now), ct);
        }

        // Nothing was announced of the fill, unless an edit since has announced the record with it: then its withdrawal is news, too.
        if (accountRestored && account is { IsProvisional: false } && account.Version > step.AccountVersion)
            await context.PublishFor(account.Id, account.Changed(ChangeKind.Updated, now), ct);
        if (contactRestored && contact is { IsProvisional: false } && contact.Version > step.ContactVersion)
            await context.PublishFor(contact.Id, contact.Changed(ChangeKind.Updated, now), ct);
        step.Filled = [];
        await db.SaveChangesAsync(ct);

        await RemoveOrPassOn("contacts", step.ConversionId, step.ContactId, contactHeir, ct);
        await RemoveOrPassOn("accounts", step.ConversionId, step.AccountId, accountHeir, ct);
        if (account?.PendingConversionId == step.ConversionId) db.Entry(account).State = EntityState.Detached;
        if (contact?.PendingConversionId == step.ConversionId) db.Entry(contact).State = EntityState.Detached;
    }

    private static bool PutBack<TRecord>(
        string record, TRecord existing, IReadOnlyList<FillableField<TRecord>> fields, ConversionStep step, List<ConversionStep> others) where TRecord : class, IHasCustomValues
    {
        var any = false;
        foreach (var filled in step.Filled.Where(f => f.Changed && f.Record == record))
        {
            var field = fields.Named(filled.Field);
            if (!string.Equals(field.Read(existing), filled.After, StringComparison.Ordinal)) continue;   // somebody changed it since
            if (InheritedBy(filled, others)) continue;
            field.Write(existing, filled.Before);
            any = true;
        }
        return any;
    }

    /// <summary>Another conversion brought the same value and found it there: the value, and putting it back, are its business now.</summary>
    private static bool InheritedBy(FilledField filled, List<ConversionStep> others)
    {
        foreach (var other in others)
        {
            var same = other.Filled.FirstOrDefault(f => f.Record == filled.Record && f.Field == filled.Field && f.After == filled.After);
            if (same is null) continue;
            other.Filled = [.. other.Filled.Select(f => f == same ? f with { Before = filled.Before } : f)];
            return true;
        }
        return false;
    }

    private async Task RemoveOrPassOn(string table, Guid conversionId, Guid? recordId, ConversionStep? heir, CancellationToken ct)
    {
        var sql = heir is null
            ? $"with gone as (delete from {table} where id = {{0}} and pending_conversion_id = {{1}} returning id) delete from platform.field_history h using gone where h.record_id = gone.id"
            : $"update {table} set pending_conversion_id = {{2}} where id = {{0}} and pending_conversion_id = {{1}}";
        await db.Database.ExecuteSqlRawAsync(sql, [recordId!.Value, conversionId, heir?.ConversionId ?? Guid.Empty], ct);
    }
}

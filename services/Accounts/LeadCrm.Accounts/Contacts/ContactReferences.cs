using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Checks what a contact points to: what the acting user may not see is not there. What was fine when it was written and stays as it is, is not asked again.</summary>
internal sealed class ContactReferences(AccountsDb db, ContactAccess access, AccountAccess accounts, IDirectory directory)
{
    /// <summary>Owner, accounts and superior of an edit; <paramref name="before"/> is null for a new contact. Call inside a transaction.</summary>
    public async Task Check(Guid id, ContactInput input, ContactInput? before, FieldErrors errors, CancellationToken ct)
    {
        if (before is not null && input.OwnerId is not null && input.OwnerId != before.OwnerId) access.Scope.DemandTransfer(before.OwnerId);
        if (before is null || (input.OwnerId is not null && input.OwnerId != before.OwnerId)) CheckOwner(input.OwnerId ?? Actor.Current.UserId, errors);
        await CheckAccounts(input, before, errors, ct);
        if (input.ReportsToId is { } superiorId && superiorId != before?.ReportsToId) await CheckSuperior(id, superiorId, before is null, errors, ct);
    }

    private void CheckOwner(Guid ownerId, FieldErrors errors)
    {
        if (directory.FindUser(ownerId) is not { IsActive: true }) errors.Add("ownerId", "The owner must be an active user.");
    }

    private async Task CheckAccounts(ContactInput input, ContactInput? before, FieldErrors errors, CancellationToken ct)
    {
        List<(string Field, Guid Id)> named = [];
        if (input.AccountId is { } accountId && accountId != before?.AccountId) named.Add(("accountId", accountId));
        var known = before?.FurtherAccounts?.Select(f => f.AccountId).ToHashSet() ?? [];
        named.AddRange((input.FurtherAccounts ?? []).Select((f, i) => (Field: $"furtherAccounts[{i}].accountId", Id: f.AccountId)).Where(f => !known.Contains(f.Id)));
        if (named.Count == 0) return;

        var ids = named.Select(n => n.Id).ToArray();
        // Locked against being held for an undo before this is saved.
        var found = await db.Accounts.FromSql($"select * from accounts where id = any({ids}) order by id for key share").IgnoreQueryFilters([Provisional.Filter])
            .VisibleTo(accounts.Scope, a => a.OwnerId).AsNoTracking()
            .Select(a => new { a.Id, a.PendingConversionId }).ToDictionaryAsync(a => a.Id, ct);
        foreach (var (field, id) in named)
        {
            if (!found.TryGetValue(id, out var account)) errors.Add(field, "There is no such account.");
            else if (account.PendingConversionId is { } conversion) throw Provisional.Refusal("account", conversion);
        }
    }

    private async Task CheckSuperior(Guid id, Guid superiorId, bool isNew, FieldErrors errors, CancellationToken ct)
    {
        var superior = await db.Contacts.FromSql($"select * from contacts where id = {superiorId} for key share").IgnoreQueryFilters([Provisional.Filter])
            .VisibleTo(access.Scope, c => c.OwnerId).AsNoTracking().FirstOrDefaultAsync(ct);
        if (superior is null) errors.Add("reportsToId", "There is no such contact.");
        else if (id == superiorId) errors.Add("reportsToId", "A contact cannot report to itself.");
        else if (superior.PendingConversionId is { } conversion) throw Provisional.Refusal("contact that this one reports to", conversion);
        else if (!isNew && await Hierarchy.ClosesCycle(db, HierarchyOf.Contacts, id, superiorId, ct))
            errors.Add("reportsToId", $"'{superior.FullName}' reports to this contact, directly or through others.");
    }
}

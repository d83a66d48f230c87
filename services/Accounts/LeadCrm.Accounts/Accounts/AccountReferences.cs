using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Checks what an account points to: what the acting user may not see is not there. What was fine when it was written and stays as it is, is not asked again.</summary>
internal sealed class AccountReferences(AccountsDb db, AccountAccess access, IDirectory directory)
{
    /// <summary>Owner, team and parent of an edit; <paramref name="before"/> is null for a new account. Call inside a transaction.</summary>
    public async Task Check(Guid id, AccountInput input, AccountInput? before, FieldErrors errors, CancellationToken ct)
    {
        if (before is not null && input.OwnerId is not null && input.OwnerId != before.OwnerId) access.Scope.DemandTransfer(before.OwnerId);
        if (before is null || (input.OwnerId is not null && input.OwnerId != before.OwnerId)) CheckOwner(input.OwnerId ?? Actor.Current.UserId, errors);

        var known = before?.Team?.Select(m => m.UserId).ToHashSet() ?? [];
        foreach (var (member, i) in (input.Team ?? []).Select((m, i) => (m, i)))
            if (!known.Contains(member.UserId) && directory.FindUser(member.UserId) is not { IsActive: true }) errors.Add($"team[{i}].userId", "Must be an active user.");

        if (input.ParentAccountId is { } parentId && parentId != before?.ParentAccountId) await CheckParent(id, parentId, before is null, errors, ct);
    }

    private void CheckOwner(Guid ownerId, FieldErrors errors)
    {
        if (directory.FindUser(ownerId) is not { IsActive: true }) errors.Add("ownerId", "The owner must be an active user.");
    }

    private async Task CheckParent(Guid id, Guid parentId, bool isNew, FieldErrors errors, CancellationToken ct)
    {
        // Locked against being held for an undo before this is saved.
        var parent = await db.Accounts.FromSql($"select * from accounts where id = {parentId} for key share").IgnoreQueryFilters([Conversion.Provisional.Filter])
            .VisibleTo(access.Scope, a => a.OwnerId).AsNoTracking().FirstOrDefaultAsync(ct);
        if (parent is null) errors.Add("parentAccountId", "There is no such account.");
        else if (id == parentId) errors.Add("parentAccountId", "An account cannot be its own parent.");
        else if (parent.PendingConversionId is { } conversion) throw Conversion.Provisional.Refusal("parent account", conversion);
        // Nothing can be below a new account yet.
        else if (!isNew && await Hierarchy.ClosesCycle(db, HierarchyOf.Accounts, id, parentId, ct))
            errors.Add("parentAccountId", $"'{parent.Name}' is below this account in the hierarchy; choose a parent that is not.");
    }
}

using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Accounts as far as the acting user may see them, and for a change as far as it may change them.</summary>
internal sealed class AccountAccess(AccountsDb db, IVisibility visibility)
{
    /// <summary>What the acting user may see and change of accounts.</summary>
    public Scope Scope => visibility.Of("account");

    /// <summary>All accounts that the acting user may see, neither deleted nor provisional.</summary>
    public IQueryable<Account> Visible => Of(db.Accounts);

    /// <summary>Provisional ones too: they can be read by id (C33).</summary>
    public IQueryable<Account> VisibleProvisionalToo => Of(db.Accounts.IgnoreQueryFilters([Conversion.Provisional.Filter]));

    /// <summary>Those in the recycle bin too.</summary>
    public IQueryable<Account> VisibleDeletedToo => Of(db.Accounts.IgnoreQueryFilters([PlatformModel.RecycleBin]));

    /// <summary>Provisional ones and those in the recycle bin too.</summary>
    public IQueryable<Account> VisibleOfAll => Of(db.Accounts.IgnoreQueryFilters());

    /// <summary>The account for a change; null when there is none or it may not be seen, 403 when it may not be changed.</summary>
    public async Task<Account?> ForEdit(IQueryable<Account> accounts, Guid id, CancellationToken ct)
    {
        var account = await Of(accounts).FirstOrDefaultAsync(a => a.Id == id, ct);
        if (account is not null) Scope.DemandEdit(account.OwnerId);
        return account;
    }

    /// <summary>Those of the records that the acting user may see, locked in the order of their ids; provisional ones too, none from the recycle bin.</summary>
    public Task<Dictionary<Guid, Account>> Locked(Guid[] ids, CancellationToken ct) => Of(db.Accounts.FromSql($"select * from accounts where id = any({ids}) order by id for update").IgnoreQueryFilters([Conversion.Provisional.Filter]))
        .ToDictionaryAsync(account => account.Id, ct);

    private IQueryable<Account> Of(IQueryable<Account> accounts) => accounts.VisibleTo(Scope, account => account.OwnerId);
}

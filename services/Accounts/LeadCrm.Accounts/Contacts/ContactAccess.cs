using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Contacts as far as the acting user may see them, and for a change as far as it may change them.</summary>
internal sealed class ContactAccess(AccountsDb db, IVisibility visibility)
{
    /// <summary>What the acting user may see and change of contacts.</summary>
    public Scope Scope => visibility.Of("contact");

    /// <summary>All contacts that the acting user may see, neither deleted nor provisional.</summary>
    public IQueryable<Contact> Visible => Of(db.Contacts);

    /// <summary>Provisional ones too: they can be read by id (C33).</summary>
    public IQueryable<Contact> VisibleProvisionalToo => Of(db.Contacts.IgnoreQueryFilters([Conversion.Provisional.Filter]));

    /// <summary>Those in the recycle bin too.</summary>
    public IQueryable<Contact> VisibleDeletedToo => Of(db.Contacts.IgnoreQueryFilters([PlatformModel.RecycleBin]));

    /// <summary>Provisional ones and those in the recycle bin too.</summary>
    public IQueryable<Contact> VisibleOfAll => Of(db.Contacts.IgnoreQueryFilters());

    /// <summary>The contact for a change; null when there is none or it may not be seen, 403 when it may not be changed.</summary>
    public async Task<Contact?> ForEdit(IQueryable<Contact> contacts, Guid id, CancellationToken ct)
    {
        var contact = await Of(contacts).FirstOrDefaultAsync(c => c.Id == id, ct);
        if (contact is not null) Scope.DemandEdit(contact.OwnerId);
        return contact;
    }

    /// <summary>Those of the records that the acting user may see, locked in the order of their ids; provisional ones too, none from the recycle bin.</summary>
    public Task<Dictionary<Guid, Contact>> Locked(Guid[] ids, CancellationToken ct) => Of(db.Contacts.FromSql($"select * from contacts where id = any({ids}) order by id for update").IgnoreQueryFilters([Conversion.Provisional.Filter]))
        .ToDictionaryAsync(contact => contact.Id, ct);

    private IQueryable<Contact> Of(IQueryable<Contact> contacts) => contacts.VisibleTo(Scope, contact => contact.OwnerId);
}

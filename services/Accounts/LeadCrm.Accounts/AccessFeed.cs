using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.RecordAccess;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts;

/// <summary>What services that hang their records on accounts and contacts keep a copy of: who owns which. Nothing provisional.</summary>
internal static class AccessFeed
{
    internal static void MapAccessFeed(this IEndpointRouteBuilder app) => app.MapRecordAccessFeed<AccountsDb>(
        new("account", db => db.Accounts.IgnoreQueryFilters([PlatformModel.RecycleBin]).Select(account => new RecordAccessRow
        {
            RecordType = "account", RecordId = account.Id, OwnerId = account.OwnerId, Name = account.Name, Version = account.Version, IsDeleted = account.DeletedAt != null,
        })),
        new("contact", db => db.Contacts.IgnoreQueryFilters([PlatformModel.RecycleBin]).Select(contact => new RecordAccessRow
        {
            RecordType = "contact", RecordId = contact.Id, OwnerId = contact.OwnerId, Version = contact.Version, IsDeleted = contact.DeletedAt != null,
            Name = contact.FirstName == null ? contact.LastName : contact.FirstName + " " + contact.LastName,
        })));
}

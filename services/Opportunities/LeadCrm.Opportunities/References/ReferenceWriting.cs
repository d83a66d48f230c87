using LeadCrm.Opportunities.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.References;

/// <summary>Keeps the newest state of what is referred to, in whatever order it becomes known: one statement each.</summary>
internal static class ReferenceWriting
{
    internal static Task Upsert(OpportunitiesDb db, AccountRef account, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into account_refs (id, version, name, is_deleted) values ({account.Id}, {account.Version}, {account.Name}, {account.IsDeleted})
        on conflict (id) do update set version = excluded.version, name = excluded.name, is_deleted = excluded.is_deleted
        where account_refs.version < excluded.version
        """, ct);

    internal static Task Upsert(OpportunitiesDb db, ContactRef contact, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into contact_refs (id, version, name, account_id, is_deleted)
        values ({contact.Id}, {contact.Version}, {contact.Name}, {contact.AccountId}, {contact.IsDeleted})
        on conflict (id) do update
        set version = excluded.version, name = excluded.name, account_id = excluded.account_id, is_deleted = excluded.is_deleted
        where contact_refs.version < excluded.version
        """, ct);
}

using LeadCrm.Opportunities.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace LeadCrm.Opportunities.References;

/// <summary>Keeps the newest state of what is referred to, in whatever order it becomes known: one statement each.</summary>
internal static class ReferenceWriting
{
    internal static Task Upsert(OpportunitiesDb db, AccountRef account, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into account_refs (id, version, name, is_deleted, merged_into_id) values ({account.Id}, {account.Version}, {account.Name}, {account.IsDeleted}, {account.MergedIntoId})
        on conflict (id) do update set version = excluded.version, name = excluded.name, is_deleted = excluded.is_deleted, merged_into_id = excluded.merged_into_id
        where account_refs.version < excluded.version
        """, ct);

    internal static Task Upsert(OpportunitiesDb db, ContactRef contact, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into contact_refs (id, version, name, account_id, is_deleted, merged_into_id)
        values ({contact.Id}, {contact.Version}, {contact.Name}, {contact.AccountId}, {contact.IsDeleted}, {contact.MergedIntoId})
        on conflict (id) do update
        set version = excluded.version, name = excluded.name, account_id = excluded.account_id, is_deleted = excluded.is_deleted, merged_into_id = excluded.merged_into_id
        where contact_refs.version < excluded.version
        """, ct);

    // What a conversion reveals is not merged; where an older state says so, the merge was undone since.
    private const string Accounts = """
        insert into account_refs (id, version, name, is_deleted) select * from unnest($1, $2, $3, $4)
        on conflict (id) do update set version = excluded.version, name = excluded.name, is_deleted = excluded.is_deleted, merged_into_id = null
        where account_refs.version < excluded.version
        """;

    private const string Contacts = """
        insert into contact_refs (id, version, name, account_id, is_deleted) select * from unnest($1, $2, $3, $4, $5)
        on conflict (id) do update
        set version = excluded.version, name = excluded.name, account_id = excluded.account_id, is_deleted = excluded.is_deleted, merged_into_id = null
        where contact_refs.version < excluded.version
        """;

    /// <summary>The same for what conversions reveal together: one statement for each kind, on one way, rows in one order, so that two of them never wait crosswise.</summary>
    internal static async Task Upsert(OpportunitiesDb db, IEnumerable<AccountRef> accounts, IEnumerable<ContactRef> contacts, CancellationToken ct)
    {
        var a = accounts.GroupBy(row => row.Id).Select(same => same.MaxBy(row => row.Version)!).OrderBy(row => row.Id).ToArray();
        var c = contacts.GroupBy(row => row.Id).Select(same => same.MaxBy(row => row.Version)!).OrderBy(row => row.Id).ToArray();
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        if (a.Length > 0)
            Add(Accounts, Array.ConvertAll(a, row => row.Id), Array.ConvertAll(a, row => row.Version), Array.ConvertAll(a, row => row.Name), Array.ConvertAll(a, row => row.IsDeleted));
        if (c.Length > 0)
            Add(Contacts, Array.ConvertAll(c, row => row.Id), Array.ConvertAll(c, row => row.Version), Array.ConvertAll(c, row => row.Name), Array.ConvertAll(c, row => row.AccountId),
                Array.ConvertAll(c, row => row.IsDeleted));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);

        void Add(string sql, params object[] columns)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var column in columns) command.Parameters.Add(new() { Value = column });
            batch.BatchCommands.Add(command);
        }
    }
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Opportunities.Contracts;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>Follows opportunities.</summary>
internal sealed class OpportunityChangedConsumer(LeadsDb db) : IConsumer<OpportunityChanged>
{
    public Task Consume(ConsumeContext<OpportunityChanged> context) => KnownRecords.Keep(db, context.Message, context.CancellationToken);
}

/// <summary>Keeps the newest state of each record; deleted ones leave a tombstone, so that a late event does not bring them back.</summary>
internal static class KnownRecords
{
    /// <summary>What conversions reveal together: one statement for all, rows in one order, so that two of these never wait crosswise.</summary>
    public static async Task Keep(LeadsDb db, IReadOnlyCollection<AccountChanged> accounts, CancellationToken ct)
    {
        var a = accounts.GroupBy(account => account.AccountId).Select(same => same.MaxBy(account => account.Version)!).OrderBy(account => account.AccountId).ToArray();
        if (a.Length == 0) return;
        await db.Database.ExecuteSqlAsync($"""
            insert into known_accounts (id, version, name, website, owner_id, is_deleted)
            select * from unnest({Array.ConvertAll(a, account => account.AccountId)}, {Array.ConvertAll(a, account => account.Version)},
                {Array.ConvertAll(a, account => account.Name)}, {Array.ConvertAll(a, account => account.Website)}, {Array.ConvertAll(a, account => account.OwnerId)},
                {Array.ConvertAll(a, account => account.Kind == LeadCrm.Accounts.Contracts.ChangeKind.Deleted)})
            on conflict (id) do update set version = excluded.version, name = excluded.name, website = excluded.website, owner_id = excluded.owner_id,
                is_deleted = excluded.is_deleted
            where known_accounts.version < excluded.version
            """, ct);
    }

    /// <summary>The same for opportunities.</summary>
    public static async Task Keep(LeadsDb db, IReadOnlyCollection<OpportunityChanged> opportunities, CancellationToken ct)
    {
        var o = opportunities.GroupBy(one => one.OpportunityId).Select(same => same.MaxBy(one => one.Version)!).OrderBy(one => one.OpportunityId).ToArray();
        if (o.Length == 0) return;
        await db.Database.ExecuteSqlAsync($"""
            insert into known_opportunities (id, version, account_id, name, stage, amount, currency, close_date, owner_id, is_open)
            select * from unnest({Array.ConvertAll(o, one => one.OpportunityId)}, {Array.ConvertAll(o, one => one.Version)}, {Array.ConvertAll(o, one => one.AccountId)},
                {Array.ConvertAll(o, one => one.Name)}, {Array.ConvertAll(o, one => one.Stage)}, {Array.ConvertAll(o, one => one.Amount)},
                {Array.ConvertAll(o, one => one.Currency)}, {Array.ConvertAll(o, one => one.CloseDate)}, {Array.ConvertAll(o, one => one.OwnerId)},
                {Array.ConvertAll(o, one => one is { StageCategory: "open", Kind: not LeadCrm.Opportunities.Contracts.ChangeKind.Deleted })})
            on conflict (id) do update set version = excluded.version, account_id = excluded.account_id, name = excluded.name, stage = excluded.stage,
                amount = excluded.amount, currency = excluded.currency, close_date = excluded.close_date, owner_id = excluded.owner_id, is_open = excluded.is_open
            where known_opportunities.version < excluded.version
            """, ct);
    }

    public static Task Keep(LeadsDb db, AccountChanged account, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into known_accounts (id, version, name, website, owner_id, is_deleted)
        values ({account.AccountId}, {account.Version}, {account.Name}, {account.Website}, {account.OwnerId}, {account.Kind == LeadCrm.Accounts.Contracts.ChangeKind.Deleted})
        on conflict (id) do update set version = excluded.version, name = excluded.name, website = excluded.website, owner_id = excluded.owner_id,
            is_deleted = excluded.is_deleted
        where known_accounts.version < excluded.version
        """, ct);

    public static Task Keep(LeadsDb db, OpportunityChanged opportunity, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into known_opportunities (id, version, account_id, name, stage, amount, currency, close_date, owner_id, is_open)
        values ({opportunity.OpportunityId}, {opportunity.Version}, {opportunity.AccountId}, {opportunity.Name}, {opportunity.Stage}, {opportunity.Amount},
            {opportunity.Currency}, {opportunity.CloseDate}, {opportunity.OwnerId},
            {opportunity is { StageCategory: "open", Kind: not LeadCrm.Opportunities.Contracts.ChangeKind.Deleted }})
        on conflict (id) do update set version = excluded.version, account_id = excluded.account_id, name = excluded.name, stage = excluded.stage,
            amount = excluded.amount, currency = excluded.currency, close_date = excluded.close_date, owner_id = excluded.owner_id, is_open = excluded.is_open
        where known_opportunities.version < excluded.version
        """, ct);
}

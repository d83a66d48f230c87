using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.References;

/// <summary>
/// Opportunities follow the accounts and contacts that became others (AC4). Each keeps what was named, and where it leads is worked out anew from all
/// merges that are known: neither the order of events nor the undo of a merge needs a memory of its own.
/// </summary>
internal sealed class MergedReferences(OpportunitiesDb db, OpportunityAccess access, TimeProvider clock)
{
    private const long Merging = 0x4C656164_4D657267;

    /// <summary>The account has become another one, or is one of its own again.</summary>
    public async Task FollowAccount(Guid id, CancellationToken ct)
    {
        var (named, merged) = await Around("account_refs", id, ct);
        await HeldReferences.Lock(db, named, ct);   // who is just naming one of them is through, and seen
        var opportunities = await db.Opportunities.FromSql($"""
            select * from opportunities where named_account_id = any({named}) or (account_id = any({named}) and named_account_id is null) order by id for update
            """).IgnoreQueryFilters().Include(o => o.ContactRoles).ToListAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var opportunity in opportunities)
            if (opportunity.FollowAccount(account => Resolve(merged, account), OpportunityAccess.ActorId, now)) await Announce(opportunity, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The contact has become another one, or is one of its own again.</summary>
    public async Task FollowContact(Guid id, CancellationToken ct)
    {
        var (named, merged) = await Around("contact_refs", id, ct);
        await HeldReferences.Lock(db, named, ct);
        var opportunities = await db.Opportunities.FromSql($"""
            select * from opportunities where id in (select opportunity_id from contact_roles where contact_id = any({named})) order by id for update
            """).IgnoreQueryFilters().Include(o => o.ContactRoles).ToListAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var opportunity in opportunities)
        {
            var before = opportunity.Snapshot();
            if (!opportunity.FollowContacts(contact => Resolve(merged, contact), OpportunityAccess.ActorId, now)) continue;
            db.Add(opportunity.ChangedContacts(before, now));
            await Announce(opportunity, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Nobody has heard of what a running conversion made: the reveal tells of it as it is then.</summary>
    private Task Announce(Opportunity opportunity, CancellationToken ct) =>
        opportunity.IsProvisional ? Task.CompletedTask : access.Announce(opportunity, opportunity.DeletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted, ct);

    /// <summary>The record and all that became it; and what each of them, and of what it became, was merged into.</summary>
    private async Task<(Guid[] Named, Dictionary<Guid, Guid> Merged)> Around(string table, Guid id, CancellationToken ct)
    {
        // One after the other: of two links of a chain that are told at the same moment, the second one sees the first.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Merging})", ct);
        var sql = $$"""
            with recursive down as (
                select {0}::uuid as id
                union
                select r.id from {{table}} r join down d on r.merged_into_id = d.id
            ), up as (
                select id from down
                union
                select r.merged_into_id from {{table}} r join up u on u.id = r.id where r.merged_into_id is not null
            )
            select u.id, r.merged_into_id as into_id, exists (select from down d where d.id = u.id) as is_named from up u left join {{table}} r on r.id = u.id
            """;
        var rows = await db.Database.SqlQueryRaw<MergedRow>(sql, id).ToListAsync(ct);
        return ([.. rows.Where(row => row.IsNamed).Select(row => row.Id)], rows.Where(row => row.IntoId is not null).ToDictionary(row => row.Id, row => row.IntoId!.Value));
    }

    private static Guid Resolve(Dictionary<Guid, Guid> merged, Guid id)
    {
        for (var steps = 0; steps <= merged.Count && merged.TryGetValue(id, out var into); steps++) id = into;
        return id;
    }

    private sealed record MergedRow(Guid Id, Guid? IntoId, bool IsNamed);
}

using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using ChangeKind = LeadCrm.Leads.Contracts.ChangeKind;

namespace LeadCrm.Leads.Merges;

/// <summary>
/// Converted leads say what they became as it is now: when an account or contact is merged, the survivor (C27). Worked out anew from what the conversion
/// made and all merges that are known, so that neither the order of events nor the undo of a merge needs a memory of its own.
/// </summary>
internal sealed class FollowMerges(LeadsDb db, LeadAccess access, TimeProvider clock)
{
    private const long Merging = 0x4C656164_4D657267;

    /// <summary>Takes over what an event says of a record.</summary>
    public async Task Note(Guid id, long version, Guid? intoId, CancellationToken ct)
    {
        var known = await db.Set<MergedRecord>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct);
        if (known is null ? intoId is null : known.Version >= version) return;   // of most records there is never anything to say
        await db.Database.ExecuteSqlAsync($"""
            insert into merged_records (id, version, into_id) values ({id}, {version}, {intoId})
            on conflict (id) do update set version = excluded.version, into_id = excluded.into_id where merged_records.version < excluded.version
            """, ct);
        if (known?.IntoId == intoId) return;
        // One after the other: of two links of a chain that are told at the same moment, the second one sees the first.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Merging})", ct);

        // Whoever may have to say something else: the leads of this record, of all that became it, and of whatever it has become or had.
        Guid[] said = [id, .. known?.IntoId is { } before ? [before] : Array.Empty<Guid>()];
        var chain = await Around(said, ct);
        Guid[] around = [.. said, .. chain.Keys, .. chain.Values];
        var leads = await db.Leads.FromSql($"""
            select * from leads where (converted_account_id = any({around}) or converted_contact_id = any({around})) and conversion = 'Converted' order by id for update
            """).IgnoreQueryFilters([PlatformModel.RecycleBin]).Include(l => l.Status).Include(l => l.Signals).ToListAsync(ct);
        var conversionIds = leads.Select(l => l.ConversionId!.Value).ToArray();
        var plans = await db.Set<ConversionState>().AsNoTracking().Where(c => conversionIds.Contains(c.CorrelationId)).ToDictionaryAsync(c => c.CorrelationId, c => c.Plan.Accounts, ct);
        var merged = await Around([.. plans.Values.SelectMany(made => (Guid[])[made.AccountId, made.ContactId])], ct);
        var now = clock.GetUtcNow();
        foreach (var lead in leads)
        {
            if (!plans.TryGetValue(lead.ConversionId!.Value, out var made)) continue;
            if (lead.FollowMerges(Resolve(merged, made.AccountId), Resolve(merged, made.ContactId), now)) await access.Announce(lead, ChangeKind.Updated, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>What each of these, and of what became or had become part of them, was merged into.</summary>
    private async Task<Dictionary<Guid, Guid>> Around(Guid[] ids, CancellationToken ct) => await db.Set<MergedRecord>().FromSql($"""
        with recursive around as (
            select unnest({ids}) as id
            union
            select n.id from around a join merged_records m on m.into_id is not null and (m.id = a.id or m.into_id = a.id) cross join lateral (values (m.id), (m.into_id)) as n(id)
        )
        select m.* from merged_records m join around a on a.id = m.id where m.into_id is not null
        """).AsNoTracking().ToDictionaryAsync(r => r.Id, r => r.IntoId!.Value, ct);

    private static Guid Resolve(Dictionary<Guid, Guid> merged, Guid id)
    {
        // A merge into what was merged into it cannot be: each makes a record go. Counted all the same, for events are others' words.
        for (var steps = 0; steps <= merged.Count && merged.TryGetValue(id, out var into); steps++) id = into;
        return id;
    }
}

/// <summary>Follows accounts, in whatever order their events arrive.</summary>
internal sealed class AccountChangedConsumer(LeadsDb db, FollowMerges merges) : IConsumer<AccountChanged>
{
    public async Task Consume(ConsumeContext<AccountChanged> context)
    {
        await KnownRecords.Keep(db, context.Message, context.CancellationToken);
        await merges.Note(context.Message.AccountId, context.Message.Version, context.Message.MergedIntoId, context.CancellationToken);
    }
}

/// <summary>Follows contacts, of which only merges matter here.</summary>
internal sealed class ContactChangedConsumer(FollowMerges merges) : IConsumer<ContactChanged>
{
    public Task Consume(ConsumeContext<ContactChanged> context) => merges.Note(context.Message.ContactId, context.Message.Version, context.Message.MergedIntoId, context.CancellationToken);
}

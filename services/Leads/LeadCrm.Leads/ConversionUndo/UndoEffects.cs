using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.ConversionUndo;

/// <summary>What the undo's saga does beyond its own row. Nothing else takes this lock of a lead away.</summary>
internal interface IUndoEffects
{
    /// <summary>The pivot: the lead is what it was before its conversion, still locked. The answer says so to everybody.</summary>
    Task<LeadConversionUndone> GiveLeadBack(UndoState undo, CancellationToken ct);

    /// <summary>What <see cref="GiveLeadBack"/> answered, with the lead as it is now.</summary>
    Task<LeadConversionUndone> Announcement(UndoState undo, CancellationToken ct);

    /// <summary>The lead may be worked with.</summary>
    Task UnlockLead(UndoState undo, CancellationToken ct);

    /// <summary>Once the transaction has committed, those who wait are told and the metrics count.</summary>
    void StateEntered(UndoState undo);
}

/// <summary>Writes through the one DbContext that the saga's row is saved by, hence in the same batch and commit.</summary>
internal sealed class UndoEffects(LeadsDb db, ConversionNews news, IPublishEndpoint publish, TimeProvider clock) : IUndoEffects
{
    public async Task<LeadConversionUndone> GiveLeadBack(UndoState undo, CancellationToken ct)
    {
        var lead = await Lead(undo, ct);
        var now = clock.GetUtcNow();
        lead.UndoConversion(undo.CorrelationId, await StatusBefore(lead, ct), now);
        await PassOn(undo.Verdict.PassedOn, ct);

        // Whoever only keeps a copy of leads hears of it as of any other change.
        await publish.PublishFor(lead.Id, lead.ToEvent(ChangeKind.Updated, lead.Version + 1, now), ct);
        return Announce(undo, lead, lead.Version + 1, now);   // saving raises it
    }

    public async Task<LeadConversionUndone> Announcement(UndoState undo, CancellationToken ct)
    {
        var lead = await Lead(undo, ct);
        return Announce(undo, lead, lead.Version, lead.UpdatedAt);
    }

    public async Task UnlockLead(UndoState undo, CancellationToken ct) => (await Lead(undo, ct)).EndUndo(undo.CorrelationId, clock.GetUtcNow());

    public void StateEntered(UndoState undo) => news.OnCommit(db, undo);

    private Task<Lead> Lead(UndoState undo, CancellationToken ct) =>
        db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).Include(lead => lead.Status).Include(lead => lead.Signals).SingleAsync(lead => lead.Id == undo.LeadId, ct);

    /// <summary>The status that the conversion took the lead from: only a conversion gives a converted status, so it is the log's last move.</summary>
    private async Task<LeadStatus> StatusBefore(Lead lead, CancellationToken ct)
    {
        var before = await db.StatusLog.Where(move => move.LeadId == lead.Id && move.ToStatusId == lead.StatusId && move.FromStatusId != null)
            .OrderByDescending(move => move.Id).Select(move => move.FromStatusId).FirstOrDefaultAsync(ct);
        // Should that one have become a converted status meanwhile, the lead goes to where leads begin.
        return await db.Statuses.Where(status => status.Category != LeadStatusCategory.Converted)
            .OrderBy(status => status.Id == before ? 0 : 1).ThenBy(status => status.IsDefault ? 0 : 1).ThenBy(status => status.Sort).FirstAsync(ct);
    }

    /// <summary>What stays with another conversion is what that one made from now on: its undo answers for it.</summary>
    private async Task PassOn(IReadOnlyList<UndoPassedOn> records, CancellationToken ct)
    {
        var ids = records.Select(record => record.ConversionId).Distinct().ToArray();
        if (ids.Length == 0) return;
        foreach (var heir in await db.Set<ConversionState>().Where(conversion => ids.Contains(conversion.CorrelationId)).ToListAsync(ct))
        {
            bool Has(string type) => records.Any(record => record.RecordType == type && record.ConversionId == heir.CorrelationId);
            if (Has("account")) heir.Accounts = heir.Accounts! with { AccountCreated = true };
            if (Has("contact")) heir.Accounts = heir.Accounts! with { ContactCreated = true };
            if (Has("opportunity")) heir.Opportunity = heir.Opportunity! with { Created = true };
        }
    }

    private static LeadConversionUndone Announce(UndoState undo, Lead lead, long version, DateTimeOffset at)
    {
        var verdict = undo.Verdict;
        return new LeadConversionUndone
        {
            UndoId = undo.CorrelationId, ConversionId = undo.ConversionId, Lead = lead.ToState(version), AccountId = undo.Begun.AccountId, ContactId = undo.Begun.ContactId,
            OpportunityId = undo.Begun.OpportunityId, Removed = verdict.Removed, PassedOn = verdict.PassedOn, ActorId = undo.ActingUserId, At = at,
        };
    }
}

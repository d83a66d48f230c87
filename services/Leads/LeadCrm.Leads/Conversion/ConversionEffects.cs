using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Conversion;

/// <summary>What the saga does beyond its own row. Only the saga does it: nothing else takes a lead's lock away (C29).</summary>
internal interface IConversionEffects
{
    /// <summary>The pivot: the lead is converted for good. The answer says so to everybody.</summary>
    Task<LeadConverted> ConvertLead(ConversionState conversion, CancellationToken ct);

    /// <summary>What <see cref="ConvertLead"/> answered, with the lead as it is now.</summary>
    Task<LeadConverted> Announcement(ConversionState conversion, CancellationToken ct);

    /// <summary>The lead is again what it was, and knows why.</summary>
    Task ReleaseLead(ConversionState conversion, CancellationToken ct);

    /// <summary>Once the transaction has committed, those who wait are told and the metrics count.</summary>
    void StateEntered(ConversionState conversion);

    /// <summary>Says something on behalf of the conversion, together with what others of its transaction say.</summary>
    void Tell(ConversionState conversion, object message);

    /// <summary>These conversions are worked on in one transaction: what one of them needs is loaded for all.</summary>
    void Together(IReadOnlyCollection<ConversionState> conversions);
}

/// <summary>Writes through the one DbContext that the saga's row is saved by, hence in the same batch and commit.</summary>
internal sealed class ConversionEffects(LeadsDb db, ConversionNews news, ConversionMail mail, TimeProvider clock) : IConversionEffects
{
    private IReadOnlyCollection<ConversionState> together = [];
    private Dictionary<Guid, Lead>? leads;
    private List<LeadStatus>? statuses;

    public void Together(IReadOnlyCollection<ConversionState> conversions) => (together, leads, statuses) = (conversions, null, null);

    public async Task<LeadConverted> ConvertLead(ConversionState conversion, CancellationToken ct)
    {
        var lead = await LeadOf(conversion, ct);
        statuses ??= await db.Statuses.Where(status => status.Category == LeadStatusCategory.Converted).ToListAsync(ct);
        // The planned status, or another converted one, should that have been unflagged meanwhile.
        var status = statuses.OrderBy(status => status.Id == conversion.Plan.ConvertedStatusId ? 0 : 1).ThenBy(status => status.IsActive ? 0 : 1).ThenBy(status => status.Sort).First();
        lead.ChangedBy(Actor.Current).CompleteConversion(
            new ConvertedInto(conversion.Accounts!.AccountId, conversion.Accounts.ContactId, conversion.Opportunity?.OpportunityId), status, clock.GetUtcNow());
        conversion.Frozen = new FrozenRating(lead.Signals.Score, lead.Signals.Grade, lead.Rating);
        return Announce(conversion, lead, lead.Version + 1);   // saving raises it
    }

    public async Task<LeadConverted> Announcement(ConversionState conversion, CancellationToken ct)
    {
        var lead = await Leads([conversion.LeadId]).Include(lead => lead.Status).SingleAsync(ct);
        return Announce(conversion, lead, lead.Version);
    }

    public async Task ReleaseLead(ConversionState conversion, CancellationToken ct)
    {
        var lead = await LeadOf(conversion, ct);
        lead.ChangedBy(Actor.Current).ReleaseConversion(conversion.Failure!.Detail, clock.GetUtcNow());
    }

    public void StateEntered(ConversionState conversion) => news.OnCommit(db, conversion);

    public void Tell(ConversionState conversion, object message) => mail.Add(conversion, message);

    /// <summary>The conversion's lead. The first one that is asked for brings those of all conversions of the transaction, in one round trip.</summary>
    private async Task<Lead> LeadOf(ConversionState conversion, CancellationToken ct)
    {
        if (leads is null)
        {
            Guid[] ids = [.. together.Select(one => one.LeadId)];
            leads = await Leads(ids).Include(lead => lead.Signals).ToDictionaryAsync(lead => lead.Id, ct);
        }
        return leads[conversion.LeadId];
    }

    private IQueryable<Lead> Leads(Guid[] ids) => db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(lead => ids.Contains(lead.Id));

    private static LeadConverted Announce(ConversionState conversion, Lead lead, long version) => new()
    {
        ConversionId = conversion.CorrelationId,
        Lead = lead.ToState(version),
        AccountId = conversion.Accounts!.AccountId,
        AccountCreated = conversion.Accounts.AccountCreated,
        ContactId = conversion.Accounts.ContactId,
        ContactCreated = conversion.Accounts.ContactCreated,
        OpportunityId = conversion.Opportunity?.OpportunityId,
        OpportunityCreated = conversion.Opportunity?.Created ?? false,
        OwnerId = conversion.Plan.Accounts.OwnerId,
        ActorId = conversion.ActingUserId,
        At = lead.ConvertedAt!.Value,
        FollowUpTask = conversion.Plan.FollowUpTask,
        NotifyOwner = conversion.Plan.NotifyOwner,
    };
}

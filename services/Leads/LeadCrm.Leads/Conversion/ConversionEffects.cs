using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
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
}

/// <summary>Writes through the one DbContext that the saga's row is saved by, hence in the same batch and commit.</summary>
internal sealed class ConversionEffects(LeadsDb db, ConversionNews news, TimeProvider clock) : IConversionEffects
{
    public async Task<LeadConverted> ConvertLead(ConversionState conversion, CancellationToken ct)
    {
        // One round trip: the lead, and the status it gets (another converted one, should that have been unflagged meanwhile).
        var planned = conversion.Plan.ConvertedStatusId;
        var found = await Leads(conversion).Select(lead => new
        {
            Lead = lead,
            Signals = new { lead.Signals.Score, lead.Signals.Grade },
            Status = db.Statuses.Where(status => status.Category == LeadStatusCategory.Converted)
                .OrderBy(status => status.Id == planned ? 0 : 1).ThenBy(status => status.IsActive ? 0 : 1).ThenBy(status => status.Sort).First(),
        }).SingleAsync(ct);
        var lead = found.Lead;
        lead.CompleteConversion(
            new ConvertedInto(conversion.Accounts!.AccountId, conversion.Accounts.ContactId, conversion.Opportunity?.OpportunityId),
            found.Status, clock.GetUtcNow());
        conversion.Frozen = new FrozenRating(found.Signals.Score, found.Signals.Grade, lead.Rating);
        return Announce(conversion, lead, lead.Version + 1);   // saving raises it
    }

    public async Task<LeadConverted> Announcement(ConversionState conversion, CancellationToken ct)
    {
        var lead = await Leads(conversion).Include(lead => lead.Status).SingleAsync(ct);
        return Announce(conversion, lead, lead.Version);
    }

    public async Task ReleaseLead(ConversionState conversion, CancellationToken ct)
    {
        var lead = await Leads(conversion).SingleAsync(ct);
        lead.ReleaseConversion(conversion.Failure!.Detail, clock.GetUtcNow());
    }

    public void StateEntered(ConversionState conversion) => news.OnCommit(db, conversion);

    private IQueryable<Lead> Leads(ConversionState conversion) =>
        db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(lead => lead.Id == conversion.LeadId);

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

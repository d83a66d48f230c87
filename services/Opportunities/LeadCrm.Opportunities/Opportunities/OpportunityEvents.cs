using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>
/// Tells other services of an opportunity. What a running conversion added to it stays out of the event, for nothing is announced that
/// is later undone (C26).
/// </summary>
internal static class OpportunityEvents
{
    internal static OpportunityChanged Changed(Opportunity opportunity, ChangeKind kind, StageInfo stage, IEnumerable<OpportunityFill> pending,
        Guid? actorId, DateTimeOffset at, Guid? conversionId = null)
    {
        var (amount, currency, campaign, custom) = (opportunity.Amount, opportunity.Currency, opportunity.PrimaryCampaignId, opportunity.Custom);
        foreach (var fill in pending)
        {
            if (fill.Amount is not null && amount == fill.Amount && currency == fill.Currency) (amount, currency) = (null, fill.CurrencyBefore!);
            if (fill.PrimaryCampaignId is not null && campaign == fill.PrimaryCampaignId) campaign = null;
            custom = OpportunityFill.Without(custom, fill.Custom);
        }
        return new OpportunityChanged
        {
            Kind = kind,
            OpportunityId = opportunity.Id,
            Version = opportunity.Version + 1,   // published before it is saved, in the same commit; saving raises the version by one
            ConversionId = conversionId,
            Sequence = conversionId is null ? null : 3,
            Name = opportunity.Name,
            AccountId = opportunity.AccountId,
            OwnerId = opportunity.OwnerId,
            Stage = stage.Name,
            StageCategory = stage.Category.ToString().ToLowerInvariant(),
            Amount = amount,
            Currency = currency,
            Probability = opportunity.Probability,
            CloseDate = opportunity.CloseDate,
            PrimaryCampaignId = campaign,
            PrimaryContactId = opportunity.PrimaryContact is { IsProvisional: false } primary ? primary.PersonId : null,
            Custom = CustomJson.Texts(custom),
            ActorId = actorId,
            At = at,
        };
    }
}

using LeadCrm.Campaigns.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using MassTransit;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>
/// Campaigns knows which campaign a converted lead joined last; that is the opportunity's primary campaign (C8), unless somebody chose another
/// one. As long as the opportunity is provisional nothing is announced: its reveal will tell of it.
/// </summary>
internal sealed class NewestCampaignFoundConsumer(OpportunitiesDb db, OpportunityAccess access, TimeProvider clock) : IConsumer<NewestCampaignFound>
{
    public async Task Consume(ConsumeContext<NewestCampaignFound> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        if (await db.LockForConversion(message.OpportunityId, ct) is not { DeletedAt: null } opportunity) return;
        if (await db.FindStep(message.ConversionId, ct) is not { State: ConversionStepState.Applied or ConversionStepState.Revealed } step) return;

        var brought = step.Created ? message.CampaignOfOrigin : step.Filled?.PrimaryCampaignId;
        if (!opportunity.CameFrom(message.CampaignId, brought, OpportunityAccess.ActorId, clock.GetUtcNow())) return;
        step.CameFrom(message.CampaignId);
        if (opportunity.IsProvisional) await db.SaveChangesAsync(ct);
        else await access.Save(opportunity, ChangeKind.Updated, ct);
    }
}

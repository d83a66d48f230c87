using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Campaigns.Conversion;

/// <summary>
/// The conversion is through: the lead's memberships become the contact's and the opportunity learns which campaigns influenced it, in one
/// commit with the answer to the saga.
/// </summary>
internal sealed class LeadConvertedConsumer(CampaignsDb db, MoveMemberships memberships, InfluenceWriting influence) : IConsumer<LeadConverted>
{
    public async Task Consume(ConsumeContext<LeadConverted> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        using var acting = Actor.Use(Actor.Current.For(message.ConversionId));
        await db.Keep([message.Lead.ToRow()], ct);
        var newest = await memberships.Newest(message.Lead.LeadId, ct);
        var (moved, merged) = await memberships.Run(message, ct);
        if (message.OpportunityId is { } opportunityId)
        {
            await influence.Note(message.ConversionId, opportunityId, message.ContactId, ct);
            if (newest is { } campaignId)
                await context.PublishFor(message.ConversionId, new NewestCampaignFound
                {
                    ConversionId = message.ConversionId, OpportunityId = opportunityId, CampaignId = campaignId, CampaignOfOrigin = message.Lead.CampaignId,
                }, ct);
        }
        await context.PublishFor(message.ConversionId, new MembershipsMoved
        {
            ConversionId = message.ConversionId, LeadId = message.Lead.LeadId, Moved = moved, Merged = merged,
        }, ct);
    }
}

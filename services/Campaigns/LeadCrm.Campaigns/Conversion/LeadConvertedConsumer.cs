using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Influence;
using LeadCrm.Campaigns.Merges;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Campaigns.Conversion;

/// <summary>
/// Conversions are through: the leads' memberships become the contacts' and the opportunities learn which campaigns influenced them, in one commit with
/// the answer to the saga. A lead that is in no campaign costs its line in the answer.
/// </summary>
internal sealed class LeadConvertedConsumer(CampaignsDb db, MoveMemberships memberships, FollowMerges merges, InfluenceWriting influence) : IConsumer<LeadsConverted>, IConsumer<LeadConverted>
{
    public Task Consume(ConsumeContext<LeadsConverted> context) =>
        context.InOneGo(db, context.Message.Items, items => Take(context, items), item => new LeadsConverted { Items = [item] });

    /// <summary>What was sent by a version that sent single events.</summary>
    public Task Consume(ConsumeContext<LeadConverted> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<LeadConverted> leads)
    {
        var ct = context.CancellationToken;
        var (claimed, members) = await memberships.Claim(leads, ct);
        var merged = await merges.TakeApart([.. leads.Select(lead => lead.ContactId)], ct);
        if (merged.Count > 0) members = await memberships.Members(leads, ct);   // these have theirs back for a moment
        List<MembershipsMoved> moved = [];
        foreach (var lead in leads)
        {
            using var acting = Actor.Use(new Actor { UserId = lead.ActorId, Permissions = Actor.Current.Permissions, OperationId = lead.ConversionId });
            var newest = members.Contains(lead.Lead.LeadId) ? await memberships.Newest(lead.Lead.LeadId, ct) : null;
            var (moves, merges) = claimed.Contains(lead.ConversionId)
                ? members.Contains(lead.Lead.LeadId) ? await memberships.Run(lead, ct) : (0, 0)
                : await memberships.Before(lead.ConversionId, ct);
            moved.Add(new MembershipsMoved { ConversionId = lead.ConversionId, LeadId = lead.Lead.LeadId, Moved = moves, Merged = merges });
            if (lead.OpportunityId is not { } opportunityId) continue;
            if (members.Contains(lead.Lead.LeadId) || members.Contains(lead.ContactId)) await influence.Note(lead.ConversionId, opportunityId, lead.ContactId, ct);
            if (newest is { } campaignId)
                await context.PublishFor(lead.ConversionId, new NewestCampaignFound
                {
                    ConversionId = lead.ConversionId, OpportunityId = opportunityId, CampaignId = campaignId, CampaignOfOrigin = lead.Lead.CampaignId,
                }, ct);
        }
        await merges.JoinAgain(merged, ct);
        await context.PublishFor(leads[0].ConversionId, new MembershipsOfLeadsMoved { Items = moved }, ct);
    }
}

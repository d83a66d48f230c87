using System.Linq.Expressions;
using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Influence;

/// <summary>Lists which campaigns influenced which opportunities, as far as the caller may see both: <c>?campaignId=</c> or <c>?opportunityId=</c>.</summary>
internal static class ListInfluence
{
    internal sealed record Item
    {
        public required Guid Id { get; init; }
        public required Guid CampaignId { get; init; }
        /// <summary>The campaign's name.</summary>
        public required string CampaignName { get; init; }
        public required Guid OpportunityId { get; init; }
        /// <summary>The opportunity's name.</summary>
        public required string OpportunityName { get; init; }
        public required Guid AccountId { get; init; }
        /// <summary>The opportunity's stage.</summary>
        public required string Stage { get; init; }
        /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
        public required string StageCategory { get; init; }
        public decimal? Amount { get; init; }
        public required string Currency { get; init; }
        public required DateOnly CloseDate { get; init; }
        /// <summary>True for the one campaign that the opportunity counts for first.</summary>
        public required bool IsPrimarySource { get; init; }
        /// <summary>The contact whose membership it is; null when the opportunity only names the campaign.</summary>
        public Guid? ContactId { get; init; }
        public required DateTimeOffset JoinedAt { get; init; }
        public DateTimeOffset? FirstRespondedAt { get; init; }
    }

    internal sealed class Row
    {
        public required Guid Id { get; init; }
        public required CampaignInfluence Influence { get; init; }
        public required Campaign Campaign { get; init; }
        public required OpportunityRef Opportunity { get; init; }
    }

    private static readonly ListFields<Row> Fields = new ListFields<Row>()
        .Add("campaignId", r => r.Influence.CampaignId, sortable: false).Add("opportunityId", r => r.Influence.OpportunityId, sortable: false)
        .Add("campaignName", r => r.Campaign.Name).Add("opportunityName", r => r.Opportunity.Name).Add("stageCategory", r => r.Opportunity.StageCategory)
        .Add("amount", r => r.Opportunity.Amount).Add("closeDate", r => r.Opportunity.CloseDate).Add("isPrimarySource", r => r.Influence.IsPrimarySource)
        .Add("joinedAt", r => r.Influence.JoinedAt).Add("firstRespondedAt", r => r.Influence.FirstRespondedAt);

    private static readonly Expression<Func<Row, Item>> ToItem = r => new Item
    {
        Id = r.Id, CampaignId = r.Campaign.Id, CampaignName = r.Campaign.Name, OpportunityId = r.Opportunity.Id, OpportunityName = r.Opportunity.Name,
        AccountId = r.Opportunity.AccountId, Stage = r.Opportunity.Stage, StageCategory = r.Opportunity.StageCategory, Amount = r.Opportunity.Amount,
        Currency = r.Opportunity.Currency, CloseDate = r.Opportunity.CloseDate, IsPrimarySource = r.Influence.IsPrimarySource, ContactId = r.Influence.ContactId,
        JoinedAt = r.Influence.JoinedAt, FirstRespondedAt = r.Influence.FirstRespondedAt,
    };

    internal static async Task<Ok<ListPage<Item>>> Handle(HttpRequest request, CampaignsDb db, CampaignAccess access, Sight sight, CancellationToken ct)
    {
        var rows =
            from i in db.Influence.AsNoTracking()
            join c in access.Visible() on i.CampaignId equals c.Id
            join o in db.Opportunities on i.OpportunityId equals o.Id
            join known in sight.Opportunities() on i.OpportunityId equals known.RecordId
            select new Row { Id = i.Id, Influence = i, Campaign = c, Opportunity = o };
        return TypedResults.Ok(await Lists.Page(rows, Fields, request, "-joinedAt", ToItem, ct));
    }
}

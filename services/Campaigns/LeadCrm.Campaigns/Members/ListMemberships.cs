using System.Linq.Expressions;
using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>The campaigns of a lead (<c>?leadId=</c>) or of a contact (<c>?contactId=</c>), the newest membership first.</summary>
internal static class ListMemberships
{
    internal sealed record Item
    {
        /// <summary>The membership.</summary>
        public required Guid Id { get; init; }
        public required long Version { get; init; }
        public required Guid CampaignId { get; init; }
        /// <summary>The campaign's name.</summary>
        public required string CampaignName { get; init; }
        public string? CampaignType { get; init; }
        public required CampaignStatus CampaignStatus { get; init; }
        public required Guid StatusId { get; init; }
        /// <summary>The membership's status.</summary>
        public required string Status { get; init; }
        public required bool Responded { get; init; }
        public DateTimeOffset? FirstRespondedAt { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }

    internal sealed class Row
    {
        public required Guid Id { get; init; }
        public required CampaignMember Member { get; init; }
        public required MemberStatus Status { get; init; }
        public required Campaign Campaign { get; init; }
    }

    private static readonly ListFields<Row> Fields = new ListFields<Row>()
        .Add("campaignId", r => r.Member.CampaignId, sortable: false).Add("campaignName", r => r.Campaign.Name).Add("campaignType", r => r.Campaign.Type)
        .Add("campaignStatus", r => r.Campaign.Status).Add("status", r => r.Status.Name).Add("responded", r => r.Status.IsResponded)
        .Add("firstRespondedAt", r => r.Member.FirstRespondedAt).Add("createdAt", r => r.Member.CreatedAt);

    private static readonly Expression<Func<Row, Item>> ToItem = r => new Item
    {
        Id = r.Id, Version = r.Member.Version, CampaignId = r.Campaign.Id, CampaignName = r.Campaign.Name, CampaignType = r.Campaign.Type,
        CampaignStatus = r.Campaign.Status, StatusId = r.Status.Id, Status = r.Status.Name, Responded = r.Status.IsResponded,
        FirstRespondedAt = r.Member.FirstRespondedAt, CreatedAt = r.Member.CreatedAt,
    };

    internal static async Task<Results<Ok<ListPage<Item>>, ProblemHttpResult>> Handle(
        HttpRequest request, CampaignsDb db, CampaignAccess access, Sight sight, CancellationToken ct, Guid? leadId = null, Guid? contactId = null)
    {
        if (leadId is null == contactId is null) return Problems.Of(400, "bad-list-query", "The request could not be read", "Say whose campaigns: leadId or contactId, one of them.");
        var (type, person) = leadId is { } lead ? (PersonTypes.Lead, lead) : (PersonTypes.Contact, contactId!.Value);
        if (!await sight.People().AnyAsync(p => p.RecordType == type && p.RecordId == person, ct)) return Problems.NotFound();

        var rows =
            from m in db.Members.AsNoTracking()
            where m.PersonType == type && m.PersonId == person
            join c in access.Visible() on m.CampaignId equals c.Id
            select new Row { Id = m.Id, Member = m, Status = m.Status, Campaign = c };
        return TypedResults.Ok(await Lists.Page(rows, Fields, request, "-createdAt", ToItem, ct, "leadId", "contactId"));
    }
}

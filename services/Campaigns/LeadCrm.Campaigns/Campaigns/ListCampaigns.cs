using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Lists campaigns; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListCampaigns
{
    private static readonly ListFields<Campaign> Fields = new ListFields<Campaign>()
        .Add("name", c => c.Name).Add("type", c => c.Type).Add("status", c => c.Status).Add("parentCampaignId", c => c.ParentCampaignId)
        .Add("startsOn", c => c.StartsOn).Add("endsOn", c => c.EndsOn).Add("expectedResponse", c => c.ExpectedResponse).Add("budget", c => c.Budget)
        .Add("actualCost", c => c.ActualCost).Add("currency", c => c.Currency).Add("ownerId", c => c.OwnerId).Add("externalId", c => c.ExternalId)
        .Add("createdAt", c => c.CreatedAt).Add("updatedAt", c => c.UpdatedAt)
        .Search(Search);

    internal static async Task<Ok<ListPage<CampaignListItem>>> Handle(HttpRequest request, CampaignAccess access, CancellationToken ct)
    {
        var campaigns = access.Visible();
        if (request.Query["deleted"] == "true") campaigns = campaigns.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(c => c.DeletedAt != null);
        return TypedResults.Ok(await Lists.Page(campaigns, Fields, request, "name", CampaignListItem.Select, ct, "deleted"));
    }

    /// <summary>Words anywhere, fragments and typing errors in name and type.</summary>
    private static IQueryable<Campaign> Search(IQueryable<Campaign> campaigns, string q)
    {
        var words = q.ToLowerInvariant();
        var fragment = "%" + words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return campaigns.Where(c =>
            EF.Property<NpgsqlTsVector>(c, "SearchVector").Matches(EF.Functions.WebSearchToTsQuery("simple", q))
            || EF.Functions.Like(EF.Property<string>(c, "SearchText"), fragment, "\\")
            || EF.Functions.TrigramsAreWordSimilar(words, EF.Property<string>(c, "SearchText")));
    }
}
